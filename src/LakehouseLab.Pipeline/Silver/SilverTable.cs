using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Foreign;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Silver;

/// <summary>
/// Runs a batch of a model of a source: Bronze records are decoded, typed, held against expectations and deduplicated; what does not
/// pass goes to quarantine. Every record that came in is in Silver, in quarantine, a dropped duplicate or a foreign record that is
/// left out, each counted for itself. That is said here once, for every engine.
/// </summary>
/// <param name="versions">The lake's tables.</param>
/// <param name="engine">What runs the statements.</param>
internal sealed class SilverTable(TableVersions versions, IEngine engine)
{
    /// <summary>Makes the batch's rows and commits them, first to quarantine, then to the table.</summary>
    /// <exception cref="ModelException">The query failed, an expectation that must hold does not, or records would be lost; both tables are as they were.</exception>
    public async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        await using IEngineSession session = engine.Begin();
        ReceivedRecords received = await ReceiveAsync(session, batch, cancellationToken).ConfigureAwait(false);
        SilverQueries queries = new(session, batch.Model, received.Decoded);
        ModelQuery query = await ModelQuery.OpenAsync(session, batch.Model, queries.Compiled, cancellationToken).ConfigureAwait(false);
        return await query.RunAsync(() => MakeAsync(session, batch, received, queries, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<ModelOutcome> MakeAsync(IEngineSession session, ModelBatch batch, ReceivedRecords received, SilverQueries queries, CancellationToken cancellationToken)
    {
        DecodedBatch decoded = received.Decoded;
        FirstWins judged = await FirstWins.JudgeAsync(session, batch, decoded, queries, cancellationToken).ConfigureAwait(false);
        RefusedRecords refused = await RefusedRecords.FindAsync(session, batch, decoded, judged, queries, cancellationToken).ConfigureAwait(false);
        TableWrite write = new(batch.Base, batch.Inputs.Full ? ReplacedRows.Everything : ReplacedRows.Nothing);
        StagedRows silver = await session.StageAsync(write, decoded, judged.Contested, queries.FirstRows(judged), cancellationToken).ConfigureAwait(false);
        QuarantineBatch quarantine = await QuarantineBatch.StageAsync(session, versions, batch, received, refused, cancellationToken).ConfigureAwait(false);

        long foreign = decoded.Totals.LeftOut.Values.Sum();
        if (decoded.Totals.Records != silver.Rows + quarantine.Records + judged.Duplicates + foreign)
        {
            throw new ModelException($"of {decoded.Totals.Records} records {silver.Rows} are typed, {quarantine.Records} quarantined, {judged.Duplicates} duplicates and {foreign} foreign, which does not add up: nothing was written. The query of {batch.Model.File} must give one row for each record; if it does, this is a fault of this program: please report it");
        }

        BrokenExpectations broken = refused.Broken.With(await new ExpectationCheck(session, batch.Model).CheckStagedAsync(silver, cancellationToken).ConfigureAwait(false));
        await quarantine.CommitAsync(session, versions, batch, cancellationToken).ConfigureAwait(false);
        long version = await session.CommitAsync(silver, batch.Flow, batch.Number, cancellationToken).ConfigureAwait(false);
        return ModelOutcome.Idle(batch.Model.Table, ModelState.Updated, version) with
        {
            RowsIn = decoded.Totals.Records,
            RowsOut = silver.Rows,
            Quarantined = quarantine.Records,
            Duplicates = judged.Duplicates,
            Foreign = decoded.Totals.LeftOut,
            UnknownMembers = decoded.Totals.UnknownMembers,
            Violations = broken.Rows,
            FoundWanting = broken.Warnings.Count > 0,
            Warnings = broken.Warnings,
        };
    }

    private async Task<ReceivedRecords> ReceiveAsync(IEngineSession session, ModelBatch batch, CancellationToken cancellationToken)
    {
        TableName name = batch.Model.Sql.Source!;
        Domain domain = SchemaColumns.DomainOf(name)!;
        VersionRange range = batch.Inputs.Tables[name.ToString()];
        TableVersion bronze = await versions.GetAsync(name, range.Until, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<AddFile> files = await ReceivedAsync(bronze, range, cancellationToken).ConfigureAwait(false);
        Relation records = await session.ReadAsync(bronze, files, cancellationToken).ConfigureAwait(false);
        ForeignTreatment treatment = batch.Inputs.Foreign ?? ForeignTreatment.Report;
        IReadOnlyList<string> foreign = treatment == ForeignTreatment.Ingest ? []
            : await new ForeignEmulations(versions.Lake, domain).FindAsync(session, records, cancellationToken).ConfigureAwait(false);
        DecodedBatch decoded = await session.DecodeAsync(new DecodeRequest(bronze, files, domain, foreign, treatment), cancellationToken).ConfigureAwait(false);
        return new ReceivedRecords(records, decoded);
    }

    // From the first version on the snapshot's files hold all rows, also those that compaction has moved. Names sort as rows do.
    private async Task<IReadOnlyList<AddFile>> ReceivedAsync(TableVersion bronze, VersionRange range, CancellationToken cancellationToken)
    {
        if (range.After < 0)
        {
            return bronze.Files;
        }

        TableChanges changes = await versions.GetChangesAsync(bronze.Name, range.After, range.Until, cancellationToken).ConfigureAwait(false);
        return changes.RowsRemoved
            ? throw new ModelException($"{bronze.Table.Location} lost rows between versions {range.After} and {range.Until}, though Bronze is append-only: restore it from a copy")
            : changes.Added;
    }
}

/// <summary>The records of a batch.</summary>
/// <param name="Bronze">As Bronze has them.</param>
/// <param name="Decoded">Decoded.</param>
internal sealed record ReceivedRecords(Relation Bronze, DecodedBatch Decoded);
