using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Runs models on a server of Spark Connect, in one session; tables are written by Delta's own writer there.</summary>
internal sealed class SparkEngine : IEngine
{
    /// <summary>Name of this engine.</summary>
    public const string EngineName = WritingEngine.Spark;

    private readonly Lake _lake;
    private readonly SparkStatements _spark;
    private readonly SparkPlaces _places;
    private readonly SparkTables _tables;
    private readonly IBronzeDecoder _decoder;

    private SparkEngine(Lake lake, SparkStatements spark, SparkPlaces places, SparkTables tables, DecodePlace decodesIn, IBronzeDecoder decoder)
    {
        DecodesIn = decodesIn;
        _lake = lake;
        _spark = spark;
        _places = places;
        _tables = tables;
        _decoder = decoder;
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <summary>Where records are decoded.</summary>
    public DecodePlace DecodesIn { get; }

    /// <summary>The session's statements.</summary>
    public SparkStatements Statements => _spark;

    /// <summary>Where Spark finds the lake.</summary>
    public SparkPlaces Places => _places;

    // What the same text must mean whatever a server's own settings are, and how files are written.
    private static Dictionary<string, string> Settings => new()
    {
        ["spark.sql.ansi.enabled"] = "true",
        ["spark.sql.ansi.doubleQuotedIdentifiers"] = "true",
        ["spark.sql.parser.escapedStringLiterals"] = "true",
        ["spark.sql.legacy.consecutiveStringLiterals.enabled"] = "false",
        ["spark.sql.caseSensitive"] = "false",
        ["spark.sql.session.timeZone"] = "UTC",
        ["spark.sql.storeAssignmentPolicy"] = "ANSI",
        ["spark.sql.sources.partitionOverwriteMode"] = "STATIC",
        ["spark.sql.parquet.datetimeRebaseModeInRead"] = "CORRECTED",
        ["spark.sql.parquet.datetimeRebaseModeInWrite"] = "CORRECTED",
        ["spark.sql.parquet.outputTimestampType"] = "TIMESTAMP_MICROS",
        ["spark.sql.parquet.compression.codec"] = "zstd",

        // A query that a killed client left goes on to its end, and is not taken away from one that is still at work.
        ["spark.sql.streaming.stopActiveRunOnRestart"] = "false",
        ["spark.sql.streaming.numRecentProgressUpdates"] = "1",
    };

    /// <summary>Opens a session and checks that the server can do what is needed.</summary>
    /// <exception cref="ModelException">It cannot: the message says what is missing, and the remedy.</exception>
    public static async Task<SparkEngine> OpenAsync(Lake lake, SparkOptions options, int threads, TimeProvider clock, CancellationToken cancellationToken)
    {
        SparkSession? session = null;
        try
        {
            session = await SparkSession.OpenAsync(options.Connection, new SparkSessionOptions { ClientType = "lakelab", Time = clock }, cancellationToken).ConfigureAwait(false);
            ServerCheck check = new(session, lake);
            check.RefuseOtherVersion();
            await session.SetConfigAsync(Settings, cancellationToken).ConfigureAwait(false);
            SparkPlaces places = new(lake);
            await check.RequireLakeAsync(places, clock, cancellationToken).ConfigureAwait(false);
            SparkStatements spark = new(session);
            SparkTables tables = new(spark, places, options.Catalog);
            await tables.RequireCatalogAsync(cancellationToken).ConfigureAwait(false);
            (DecodePlace place, IBronzeDecoder decoder) = await new DecoderChoice(spark, lake, places, threads).ChooseAsync(options.Decode, cancellationToken).ConfigureAwait(false);
            return new SparkEngine(lake, spark, places, tables, place, decoder);
        }
        catch (Exception exception)
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }

            if (exception is SparkException failure)
            {
                throw SparkFailure.Of(failure);
            }

            throw;
        }
    }

    /// <summary>Rewrites small files of a table as few; its rows stay as they are.</summary>
    /// <exception cref="ModelException">Spark failed; the table is as it was.</exception>
    public async Task CompactAsync(TableName table, CancellationToken cancellationToken) =>
        await _spark.ExecuteAsync($"OPTIMIZE {await _tables.NameAsync(table, cancellationToken).ConfigureAwait(false)}", cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public IEngineSession Begin() => new SparkBatch(_spark, _lake, _places, _tables, _decoder);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _spark.Session.DisposeAsync();
}
