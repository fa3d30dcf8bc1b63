using System.Globalization;
using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>One batch's work in DuckDB: statements go to the engine's one session, files to a folder of the batch's own.</summary>
internal sealed class DuckDbBatch(DuckDbSession session, Lake lake, int threads, TimeProvider clock) : IEngineSession
{
    private readonly ScratchFolder _scratch = lake.Store.CreateScratch();
    private readonly LocalLease _lease = new();
    private readonly List<string> _kept = [];
    private int _writers;

    /// <inheritdoc/>
    public async Task<Relation> ReadAsync(TableVersion version, IEnumerable<AddFile>? some, CancellationToken cancellationToken) =>
        RelationOf(await DeltaRelation.OfAsync(version.Table, version.Snapshot, some ?? version.Files, _lease, cancellationToken).ConfigureAwait(false), version);

    /// <inheritdoc/>
    public Task<Relation> ReadAsync(StagedRows staged, CancellationToken cancellationToken) =>
        ReadAsync(staged.Write.Base, ((StagedFiles)staged).Written.Select(file => file.Add), cancellationToken);

    /// <inheritdoc/>
    public async Task<DecodedBatch> DecodeAsync(DecodeRequest request, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        await foreach ((_, string path) in request.Bronze.Table.GetLocalPathsAsync(request.Files, _lease, cancellationToken).ConfigureAwait(false))
        {
            paths.Add(path);
        }

        RecordDecoder decoder = new(request.Domain, request.Foreign, request.Treatment == ForeignTreatment.Quarantine);
        IReadOnlyList<DecodedFile> files = await decoder.DecodeAsync(paths, Directory.CreateDirectory(_scratch.PathOf("decoded")).FullName, threads, cancellationToken).ConfigureAwait(false);
        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, static file => Array.Sort(file.KeyHashes));
        return DecodedFiles.Of(request.Domain, files);
    }

    /// <inheritdoc/>
    public Task<ContestedKeys> FindContestedAsync(DecodedBatch batch, TableVersion? earlier, IReadOnlyList<string> key, CancellationToken cancellationToken) =>
        new Contest(this, session, lake).FindAsync((DecodedFiles)batch, earlier, key, cancellationToken);

    /// <inheritdoc/>
    public async Task<Relation> KeepAsync(string query, CancellationToken cancellationToken)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"kept_{_kept.Count}");
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE {name} AS {query}", cancellationToken).ConfigureAwait(false);
        _kept.Add(name);
        return new Relation(name, await DescribeAsync($"SELECT * FROM {name}", cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<StagedRows> StageAsync(TableWrite write, string query, CancellationToken cancellationToken) => write.Replaced switch
    {
        ReplacedRows.Keys keys => StageAsync(write, keys, query, cancellationToken),
        ReplacedRows.Days days => StageAsync(write, days, query, cancellationToken),
        _ => StageAsync(write, RemovedBy(write), [query], cancellationToken),
    };

    /// <inheritdoc/>
    public async Task<StagedRows> StageAsync(TableWrite write, DecodedBatch batch, ContestedKeys contested, IReadOnlyList<string> queries, CancellationToken cancellationToken)
    {
        DecodedFiles decoded = (DecodedFiles)batch;
        IReadOnlyCollection<long> late = (contested as ContestedHashes)?.Values ?? [];
        KeyIndex index = Contest.IndexOf(this, session, lake, decoded.Domain, write.Base);
        DataFileWriter writer = WriterOf(write);
        List<WrittenFile> written = [];
        for (int i = 0; i < queries.Count; i++)
        {
            long[] own = decoded.Files[i].KeyHashes;
            long[] hashes = i == queries.Count - 1 && late.Count > 0 ? [.. own.Concat(late).Order()] : own;
            foreach (WrittenFile file in await writer.WriteOneAsync(queries[i], cancellationToken).ConfigureAwait(false))
            {
                await index.PutAsync(file.Add, hashes, cancellationToken).ConfigureAwait(false);
                written.Add(file);
            }
        }

        return new StagedFiles(write, RemovedBy(write), written) { AreIndexed = true };
    }

    /// <inheritdoc/>
    public async Task<long> CommitAsync(StagedRows staged, string flow, long batch, CancellationToken cancellationToken)
    {
        StagedFiles files = (StagedFiles)staged;
        TableVersion table = staged.Write.Base;
        long version = await BatchCommit.RunAsync(table.Table, table.Snapshot, flow, batch, files.Removed, files.Written, clock, cancellationToken).ConfigureAwait(false);
        if (files.AreIndexed)
        {
            await KeyIndex.DeleteAsync(lake, table.Name, files.Removed, cancellationToken).ConfigureAwait(false);
        }

        return version;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DescribeAsync(string query, CancellationToken cancellationToken) =>
        await session.QueryAsync($"DESCRIBE {query}", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string query, CancellationToken cancellationToken) => await session.QueryAsync<IReadOnlyList<string?>>(
        query,
        static reader => [.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetString(column))],
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public string TypeOf(DeltaType type) => DuckDbType.Of(type);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _kept.ForEach(session.Drop);
        _lease.Dispose();
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<StagedRows> StageAsync(TableWrite write, IReadOnlyList<AddFile> removed, IEnumerable<string> queries, CancellationToken cancellationToken)
    {
        DataFileWriter writer = WriterOf(write);
        List<WrittenFile> written = [];
        foreach (string query in queries)
        {
            written.AddRange(await (write.PartitionBy is { } partition
                ? writer.WritePartitionsAsync(query, partition, cancellationToken)
                : writer.WriteAsync(query, cancellationToken)).ConfigureAwait(false));
        }

        return new StagedFiles(write, removed, written);
    }

    // Of a file that holds a touched key the other rows are written again.
    private async Task<StagedRows> StageAsync(TableWrite write, ReplacedRows.Keys keys, string query, CancellationToken cancellationToken)
    {
        IReadOnlyList<AddFile> rewritten = await new KeyedFiles(this, session).FindAsync(write.Base, keys, cancellationToken).ConfigureAwait(false);
        Relation held = await ReadAsync(write.Base, rewritten, cancellationToken).ConfigureAwait(false);
        string key = KeyedFiles.ListOf(keys.Touched.Columns);
        string merged = $"SELECT * FROM {held.Sql} AS held WHERE ({key}) NOT IN (SELECT ({key}) FROM {keys.Touched.Sql}) UNION ALL {query}";
        return await StageAsync(write, rewritten, [merged], cancellationToken).ConfigureAwait(false);
    }

    // The other days of a file go into files of their own, so that the next batch of the same days leaves them alone.
    private async Task<StagedRows> StageAsync(TableWrite write, ReplacedRows.Days days, string query, CancellationToken cancellationToken)
    {
        AddFile[] removed = [.. FilesOf(write, days.Values).Where(file => days.Spans.Any(span => FileBounds.MayHoldDays(file, days.Column, span.First, span.Last)))];
        AddFile[] mixed = [.. removed.Where(file => !days.Spans.Any(span => FileBounds.HoldsOnlyDays(file, days.Column, span.First, span.Last)))];
        IEnumerable<string> kept = mixed.Length == 0 ? []
            : [$"SELECT * FROM {(await ReadAsync(write.Base, mixed, cancellationToken).ConfigureAwait(false)).Sql} AS held WHERE ({days.Condition}) IS NOT TRUE"];
        return await StageAsync(write, removed, [.. kept, query], cancellationToken).ConfigureAwait(false);
    }

    private static Relation RelationOf(DeltaRelation relation, TableVersion version) =>
        new(relation.Relation, [.. version.Snapshot.Metadata.Schema.Fields.Select(field => field.Name)]);

    private static IEnumerable<AddFile> FilesOf(TableWrite write, IReadOnlySet<string> partitions) =>
        write.Base.Files.Where(file => file.PartitionValues[write.PartitionBy!] is { } value && partitions.Contains(value));

    private static IReadOnlyList<AddFile> RemovedBy(TableWrite write) => write.Replaced switch
    {
        ReplacedRows.All => write.Base.Files,
        ReplacedRows.Partitions partitions => [.. FilesOf(write, partitions.Values)],
        _ => [],
    };

    private DataFileWriter WriterOf(TableWrite write) => new(
        session, write.Base.Table, write.Schema, _scratch, clock, string.Create(CultureInfo.InvariantCulture, $"output-{_writers++:D2}"));
}
