using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Executions;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Looks before the first model whether a server can do what is needed, so that what it lacks is named in one sentence.</summary>
/// <param name="session">A session of the server.</param>
/// <param name="lake">The lake.</param>
internal sealed class ServerCheck(SparkSession session, Lake lake)
{
    // Delta's writer of earlier versions, and their SQL, were never tried.
    private static readonly Version s_least = new(4, 1);

    // A store that is down lets Spark try for minutes.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Refuses versions of Spark that are not known to work.</summary>
    /// <exception cref="ModelException">It is another version.</exception>
    public void RefuseOtherVersion()
    {
        string number = string.Join('.', session.ServerVersion.Split('.', '-').Take(2));
        if (!Version.TryParse(number, out Version? version) || version < s_least || version.Major > s_least.Major)
        {
            throw new ModelException($"{session.Connection} runs Spark {session.ServerVersion}: Spark {s_least} or a later 4.x is needed; connect to such a server, or run with --engine duckdb");
        }
    }

    /// <summary>Writes a small table to the lake's staging and lets Spark say what columns it has: that takes Delta, the lake and its credentials.</summary>
    /// <exception cref="ModelException">Spark cannot read it.</exception>
    public async Task RequireLakeAsync(SparkPlaces places, TimeProvider clock, CancellationToken cancellationToken)
    {
        await lake.Store.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await using StagingArea staging = new(lake);
        string key = staging.NewPrefix("probe").TrimEnd('/');
        TableMetadata metadata = new(Guid.Empty.ToString(), new StructType([new StructField("probe", PrimitiveType.Int64)]), [], new Dictionary<string, string>(), 0);
        await DeltaTransaction.Create(new DeltaTable(lake.Store, key), metadata, clock).CommitAsync("CREATE TABLE", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        try
        {
            await session.QueryAsync($"SELECT probe FROM delta.{SparkText.Identifier(places.PathOf(key))}", new SparkStatementOptions { Deadline = s_patience }, cancellationToken).ConfigureAwait(false);
        }
        catch (SparkDeadlineException exception)
        {
            throw new ModelException($"{session.Connection} did not read {places.PathOf(key)} within {s_patience.TotalMinutes:0} minutes: check that the server reaches the lake's store, and run again", exception);
        }
        catch (SparkStatementException exception)
        {
            throw new ModelException(Explain(exception, places), exception);
        }
    }

    private string Explain(SparkStatementException exception, SparkPlaces places)
    {
        string all = string.Join('\n', exception.Causes.Select(static cause => $"{cause.Type} {cause.ErrorClass} {cause.Message}"));
        return Has("DATA_SOURCE_NOT_FOUND", "UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY", "Failed to find data source: delta", "DELTA_CONFIGURE_SPARK_SESSION")
            ? $"{session.Connection} has no Delta Lake: start it with the package io.delta:delta-spark, spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"
            : Has("S3AFileSystem not found", "No FileSystem for scheme")
            ? $"{session.Connection} cannot read s3a://: start it with the package org.apache.hadoop:hadoop-aws of its Hadoop's version"
            : Has("NoAuthWithAWS", "No AWS Credentials", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Status Code: 403")
            ? $"{session.Connection} has no credentials for {places.Root}: set spark.hadoop.fs.s3a.access.key and spark.hadoop.fs.s3a.secret.key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, where it and its workers start"
            : Has("DELTA_MISSING_DELTA_TABLE", "DELTA_TABLE_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST", "PATH_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND", "is not a Delta table", "NoSuchBucket", "FileNotFoundException", "Permission denied")
            ? $"{session.Connection} does not see the lake: what was written to {lake.Location} is not at {places.Root} for it. Put the lake where the server and its workers see it, such as a shared folder under the same path, or s3://"
            : $"{session.Connection} cannot read the lake at {places.Root}: {SparkFailure.Of(exception).Message}";

        bool Has(params ReadOnlySpan<string> marks)
        {
            foreach (string mark in marks)
            {
                if (all.Contains(mark, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
