using System.Diagnostics;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Decoding;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Foreign;
using LakehouseLab.Pipeline.Keys;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Runs a batch of a model of a source: Bronze records are decoded, typed, held against expectations and deduplicated; what
/// does not pass goes to quarantine. Every record that came in is in Silver, in quarantine, a dropped duplicate or a foreign record
/// that is left out, each counted for itself.
/// </summary>
internal sealed class AppendMaterializer(DuckDbSession session, Lake lake, TimeProvider clock, int threads)
{
    /// <summary>Makes the batch's rows and commits them, first to quarantine, then to the table.</summary>
    /// <exception cref="ModelException">The query failed, or records would be lost; both tables are as they were.</exception>
    public async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        using ScratchFolder scratch = lake.Store.CreateScratch();
        using LocalLease lease = new();
        SourceBatch source = await ReadSourceAsync(batch, scratch, lease, cancellationToken).ConfigureAwait(false);
        StagedQueries queries = new(batch.Model, source);
        ModelQuery query = await ModelQuery.OpenAsync(session, batch.Model, queries.Compiled, cancellationToken).ConfigureAwait(false);
        return await query.RunAsync(() => MakeAsync(batch, source, queries, scratch, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<ModelOutcome> MakeAsync(ModelBatch batch, SourceBatch source, StagedQueries queries, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        KeyIndex index = KeyIndexOf(batch, source.Schema);
        Contest contest = new(session, queries, index);
        ContestResult judged = await contest.JudgeAsync(batch, source, cancellationToken).ConfigureAwait(false);

        DataFileWriter writer = new(session, batch.Table, batch.Model.Schema, scratch, clock);
        List<WrittenFile> written = await WriteSilverAsync(queries, source, judged, writer, index, cancellationToken).ConfigureAwait(false);
        QuarantineWriter quarantine = new(session, lake, clock);
        IReadOnlyList<WrittenFile> refused = await quarantine.WriteAsync(queries, source, scratch, cancellationToken).ConfigureAwait(false);

        long rows = written.Sum(file => file.Rows);
        long quarantined = refused.Sum(file => file.Rows);
        IReadOnlyDictionary<string, long> foreign = source.Decoded.LeftOut;
        if (source.Records != rows + quarantined + judged.Duplicates + foreign.Values.Sum())
        {
            throw new ModelException($"of {source.Records} records {rows} are typed, {quarantined} quarantined, {judged.Duplicates} duplicates and {foreign.Values.Sum()} foreign, which does not add up: nothing was written. The query of {batch.Model.File} must give one row for each record; if it does, this is a fault of this program: please report it");
        }

        Dictionary<string, long> violations = await Expectations.CountAsync(session, batch, written, cancellationToken).ConfigureAwait(false);
        await Expectations.RefuseBrokenAsync(session, batch, written, violations, cancellationToken).ConfigureAwait(false);
        await quarantine.CommitAsync(batch, refused, cancellationToken).ConfigureAwait(false);
        long version = await BatchCommit.RunAsync(batch.Table, batch.Base, batch.Flow, batch.Number, batch.Inputs.Full ? batch.Base.Files : [], written, clock, cancellationToken).ConfigureAwait(false);
        await KeyIndex.DeleteAsync(lake, batch.Model.Table, batch.Inputs.Full ? batch.Base.Files : [], cancellationToken).ConfigureAwait(false);
        return ModelOutcome.Idle(batch.Model.Table, ModelState.Updated, version) with
        {
            RowsIn = source.Records,
            RowsOut = rows,
            Quarantined = quarantined,
            Duplicates = judged.Duplicates,
            Foreign = foreign,
            UnknownMembers = source.Decoded.UnknownMembers,
            Violations = violations,
            FoundWanting = Expectations.FoundWanting(batch.Model, violations, rows),
        };
    }

    private async Task<SourceBatch> ReadSourceAsync(ModelBatch batch, ScratchFolder scratch, LocalLease lease, CancellationToken cancellationToken)
    {
        TableName name = batch.Model.Sql.Source!;
        DomainSchema schema = DomainSchemas.All.First(domain => domain.Table == name.Name);
        DeltaTable bronze = new(lake.Store, name.Prefix);
        VersionRange range = batch.Inputs.Tables[name.ToString()];
        List<string> files = [];
        await foreach ((_, string path) in bronze.GetLocalPathsAsync(await ReceivedAsync(bronze, range, cancellationToken).ConfigureAwait(false), lease, cancellationToken).ConfigureAwait(false))
        {
            files.Add(path);
        }

        ForeignTreatment treatment = batch.Inputs.Foreign ?? ForeignTreatment.Report;
        IReadOnlyList<string> foreign = treatment == ForeignTreatment.Ingest ? []
            : await new ForeignEmulations(lake, schema).FindAsync(files, threads, cancellationToken).ConfigureAwait(false);
        DecodedRecords decoded = await new RecordDecoder(schema, foreign, treatment).DecodeAsync(files, Directory.CreateDirectory(scratch.PathOf("decoded")).FullName, threads, cancellationToken).ConfigureAwait(false);
        Parallel.ForEach(decoded.Files, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, static file => Array.Sort(file.KeyHashes));
        return new SourceBatch(schema, files, decoded);
    }

    // From the first version on the snapshot's files hold all rows, also those that compaction has moved. Names sort as rows do.
    private static async Task<IReadOnlyList<AddFile>> ReceivedAsync(DeltaTable bronze, VersionRange range, CancellationToken cancellationToken)
    {
        if (range.After < 0)
        {
            Snapshot snapshot = await bronze.GetSnapshotAsync(range.Until, cancellationToken).ConfigureAwait(false);
            return snapshot.Files;
        }

        TableChanges changes = await bronze.GetChangesAsync(range.After, range.Until, cancellationToken).ConfigureAwait(false);
        return changes.RowsRemoved
            ? throw new ModelException($"{bronze.Location} lost rows between versions {range.After} and {range.Until}, though Bronze is append-only: restore it from a copy")
            : changes.Added;
    }

    private static async Task<List<WrittenFile>> WriteSilverAsync(
        StagedQueries queries, SourceBatch source, ContestResult judged, DataFileWriter writer, KeyIndex index, CancellationToken cancellationToken)
    {
        List<WrittenFile> written = [];
        for (int i = 0; i < source.Decoded.Files.Count; i++)
        {
            DecodedFile staged = source.Decoded.Files[i];
            bool last = i == source.Decoded.Files.Count - 1;
            long[] hashes = last && judged.Contested.Count > 0 ? [.. staged.KeyHashes.Concat(judged.Contested).Order()] : staged.KeyHashes;
            string query = queries.Uncontested(staged.Path, withWinners: last && judged.Contested.Count > 0);
            foreach (WrittenFile file in await writer.WriteOneAsync(query, cancellationToken).ConfigureAwait(false))
            {
                await index.PutAsync(file.Add, hashes, cancellationToken).ConfigureAwait(false);
                written.Add(file);
            }
        }

        return written;
    }

    private KeyIndex KeyIndexOf(ModelBatch batch, DomainSchema schema) => new(lake, batch.Model.Table, async (file, cancellationToken) =>
    {
        using LocalLease lease = new();
        string relation = (await DeltaRelation.OfAsync(batch.Table, batch.Base, [file], lease, cancellationToken).ConfigureAwait(false)).Relation;
        bool profile = batch.Model.Key.Count == 2;
        Debug.Assert(profile || schema.Fields[schema.IndexOf(batch.Model.Key[0])].Type == FieldType.Uuid, "keys are a UUID, or user_id and valid_from");
        List<long> hashes = profile
            ? await session.QueryAsync($"SELECT user_id, epoch_us(valid_from) FROM {relation} AS held", static reader => KeyHash.OfProfile(reader.GetInt64(0), reader.GetInt64(1)), cancellationToken).ConfigureAwait(false)
            : await session.QueryAsync($"SELECT {SqlText.Quote(batch.Model.Key[0])} FROM {relation} AS held", static reader => KeyHash.OfUuid(Guid.Parse(reader.GetString(0))), cancellationToken).ConfigureAwait(false);
        return [.. hashes];
    });
}
