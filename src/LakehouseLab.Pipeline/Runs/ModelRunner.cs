using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Brings a model's table up to date: a batch that a killed run left is run again, then what is new is recorded and taken in.</summary>
internal sealed class ModelRunner(Lake lake, ModelCatalog catalog, IModelEngine engine, TimeProvider clock)
{
    private readonly TableCreation _tables = new(lake, clock);

    /// <summary>Runs a model until nothing is new.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Ends it; the table is as the last batch left it.</param>
    /// <exception cref="ModelException">It failed; the table is as the last batch left it.</exception>
    public async Task<ModelOutcome> RunAsync(Model model, PipelineRequest request, CancellationToken cancellationToken)
    {
        FlowProgress<ModelInputs> progress = ModelPlanner.ProgressOf(lake, model);
        ModelOutcome? outcome = null;
        bool refresh = request.FullRefresh;
        string? instead = null;
        while (true)
        {
            long began = clock.GetTimestamp();
            (DeltaTable table, Snapshot snapshot) = await _tables.OpenAsync(model.Table, model.Schema, model.PartitionBy, model.Description, engine.Name, cancellationToken).ConfigureAwait(false);
            LedgerTail<ModelInputs> recorded = await progress.ReadTailAsync(cancellationToken).ConfigureAwait(false);
            BatchPlan plan = await ModelPlanner.PlanAsync(lake, model, snapshot, recorded, request with { FullRefresh = refresh, FromDay = outcome is null ? request.FromDay : null }, cancellationToken).ConfigureAwait(false);
            if (plan.Inputs is null)
            {
                await progress.CondenseAsync(snapshot.TransactionVersion(model.Table.ToString()) ?? -1, cancellationToken).ConfigureAwait(false);
                return outcome ?? ModelOutcome.Idle(model.Table, ModelState.UpToDate, snapshot.Version, plan.Reason);
            }

            if (await CreateAbsentAsync(plan.Inputs, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            if (plan.Number == recorded.Count)
            {
                await progress.RecordAsync(plan.Number, plan.Inputs, cancellationToken).ConfigureAwait(false);
                refresh = false;
            }

            ModelOutcome done;
            try
            {
                done = await engine.RunAsync(new ModelBatch(model, plan.Number, plan.Inputs, table, snapshot), cancellationToken).ConfigureAwait(false);
            }
            catch (ModelException exception) when (plan.Number < recorded.Count && instead is null && model.Materialization != Materialization.Append)
            {
                if (!await HasOtherInputAsync(model, snapshot, recorded, plan.Inputs, request, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }

                // What made an earlier run fail may be corrected by now, in versions that its batch does not read.
                instead = $"an earlier batch cannot be made: {exception.Message}";
                refresh = true;
                continue;
            }

            string? note = instead ?? (plan.Inputs.Full ? plan.Reason : done.Note);
            done = done with { Seconds = clock.GetElapsedTime(began).TotalSeconds, Note = note };
            outcome = outcome is null ? done : outcome.Plus(done);
        }
    }

    private async Task<bool> HasOtherInputAsync(
        Model model, Snapshot snapshot, LedgerTail<ModelInputs> recorded, ModelInputs failed, PipelineRequest request, CancellationToken cancellationToken)
    {
        BatchPlan anew = await ModelPlanner.PlanAsync(lake, model, snapshot, recorded, request with { FullRefresh = true }, cancellationToken).ConfigureAwait(false);
        return anew.Inputs is { } inputs && inputs.Tables.Any(input => failed.Tables.GetValueOrDefault(input.Key)?.Until != input.Value.Until);
    }

    // Where some models are run alone, the tables of others may not be there yet: they are empty then.
    private async Task<bool> CreateAbsentAsync(ModelInputs inputs, CancellationToken cancellationToken)
    {
        bool any = false;
        foreach ((string name, VersionRange range) in inputs.Tables)
        {
            if (range.TableId is null && catalog.Find(TableName.TryParse(name)!) is { } absent)
            {
                await _tables.OpenAsync(absent.Table, absent.Schema, absent.PartitionBy, absent.Description, engine.Name, cancellationToken).ConfigureAwait(false);
                any = true;
            }
        }

        return any;
    }
}
