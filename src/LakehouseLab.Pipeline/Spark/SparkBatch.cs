using System.Globalization;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>One batch's work in Spark: rows wait in cached views, and Delta's own writer commits them.</summary>
/// <param name="spark">The session's statements.</param>
/// <param name="lake">The lake.</param>
/// <param name="places">Where Spark finds it.</param>
/// <param name="tables">Its names for tables.</param>
/// <param name="decoder">Decodes records.</param>
internal sealed class SparkBatch(SparkStatements spark, Lake lake, SparkPlaces places, SparkTables tables, IBronzeDecoder decoder) : IEngineSession
{
    private readonly List<string> _cached = [];
    private readonly StagingArea _staging = new(lake);

    /// <inheritdoc/>
    public async Task<Relation> ReadAsync(TableVersion version, IEnumerable<AddFile>? some, CancellationToken cancellationToken)
    {
        AddFile[]? files = some?.ToArray();
        string sql = files is null || IsWhole(version, files) ? await tables.RelationAsync(version, cancellationToken).ConfigureAwait(false)
            : await new DataFileViews(spark, places).MakeAsync(version, files, cancellationToken).ConfigureAwait(false);
        return new Relation(sql, ColumnsOf(version.Snapshot.Metadata.Schema));
    }

    /// <inheritdoc/>
    public Task<Relation> ReadAsync(StagedRows staged, CancellationToken cancellationToken) =>
        Task.FromResult(new Relation(((StagedView)staged).View, ColumnsOf(staged.Write.Schema)));

    /// <inheritdoc/>
    public async Task<DecodedBatch> DecodeAsync(DecodeRequest request, CancellationToken cancellationToken)
    {
        (IReadOnlyList<string> keys, DecodedTotals totals) = await decoder.DecodeAsync(request, _staging.NewPrefix("decoded"), cancellationToken).ConfigureAwait(false);
        string view = spark.NewName("decoded");
        await spark.CreateViewAsync(view, SparkRelation.Source("parquet", null, [.. keys.Select(key => SparkPlaces.Escape(places.PathOf(key)))]), cancellationToken).ConfigureAwait(false);
        return new DecodedView(request.Domain, view, totals);
    }

    /// <inheritdoc/>
    public Task<ContestedKeys> FindContestedAsync(DecodedBatch batch, TableVersion? earlier, IReadOnlyList<string> key, CancellationToken cancellationToken) =>
        new SparkContest(this, tables).FindAsync((DecodedView)batch, earlier, cancellationToken);

    /// <inheritdoc/>
    public async Task<Relation> KeepAsync(string query, CancellationToken cancellationToken)
    {
        string view = await CacheAsync("kept", query, cancellationToken).ConfigureAwait(false);
        return new Relation(view, await DescribeAsync($"SELECT * FROM {view}", cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<StagedRows> StageAsync(TableWrite write, string query, CancellationToken cancellationToken)
    {
        StagedPlace staged = new(spark, tables);
        (string rows, string? place) = await staged.PrepareAsync(write, query, cancellationToken).ConfigureAwait(false);
        string view = await CacheAsync("staged", rows, cancellationToken).ConfigureAwait(false);
        string counts = string.Concat(write.Schema.Fields.Select(field => $", CAST(count({SparkText.Identifier(field.Name)}) AS STRING)"));
        long[] counted = [.. (await QueryAsync($"SELECT CAST(count(*) AS STRING){counts} FROM {view}", cancellationToken).ConfigureAwait(false))[0].Select(static text => long.Parse(text!, CultureInfo.InvariantCulture))];
        place = write.Replaced is ReplacedRows.Partitions partitions ? await staged.OfPartitionsAsync(write, partitions, view, cancellationToken).ConfigureAwait(false) : place;
        return new StagedView(write, view, counted[0], write.Schema.Fields.Zip(counted.Skip(1)).ToDictionary(static pair => pair.First.Name, static pair => pair.Second), place);
    }

    /// <inheritdoc/>
    public Task<StagedRows> StageAsync(TableWrite write, DecodedBatch batch, ContestedKeys contested, IReadOnlyList<string> queries, CancellationToken cancellationToken) =>
        StageAsync(write, queries.Single(), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CommitAsync(StagedRows staged, string flow, long batch, CancellationToken cancellationToken) =>
        new SparkCommit(spark, tables).RunAsync((StagedView)staged, flow, batch, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DescribeAsync(string query, CancellationToken cancellationToken) => spark.DescribeAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string query, CancellationToken cancellationToken) => spark.QueryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public string TypeOf(DeltaType type) => SparkType.Of(type);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await spark.DropAsync(_cached).ConfigureAwait(false);
        await _staging.DisposeAsync().ConfigureAwait(false);
    }

    private static bool IsWhole(TableVersion version, AddFile[] files) =>
        files.Length == version.Files.Count && files.Select(static file => file.Path).ToHashSet().SetEquals(version.Files.Select(static file => file.Path));

    private static IReadOnlyList<string> ColumnsOf(StructType schema) => [.. schema.Fields.Select(static field => field.Name)];

    // The first statement that reads the rows makes them.
    private async Task<string> CacheAsync(string kind, string query, CancellationToken cancellationToken)
    {
        string view = spark.NewName(kind);
        _cached.Add(view);
        await spark.ExecuteAsync($"CACHE LAZY TABLE {view} AS {query}", cancellationToken).ConfigureAwait(false);
        return view;
    }
}
