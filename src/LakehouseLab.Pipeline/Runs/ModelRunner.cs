using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Pipeline.Derived;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Silver;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Brings a model's table up to date: a batch that a killed run left is run again, then what is new is recorded and ingested.</summary>
/// <param name="versions">The lake's tables.</param>
/// <param name="tables">Makes those that are not there.</param>
/// <param name="catalog">The models.</param>
/// <param name="engine">What runs the statements.</param>
/// <param name="clock">The clock.</param>
internal sealed class ModelRunner(TableVersions versions, TableCreation tables, ModelCatalog catalog, IEngine engine, TimeProvider clock)
{
    private readonly ModelPlanner _planner = new(versions);
    private readonly SilverTable _silver = new(versions, engine);
    private readonly DerivedTable _derived = new(versions, engine, catalog);

    /// <summary>Runs a model until nothing is new.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Ends it; the table is as the last batch left it.</param>
    /// <exception cref="ModelException">It failed; the table is as the last batch left it.</exception>
    public async Task<ModelOutcome> RunAsync(Model model, PipelineRequest request, CancellationToken cancellationToken)
    {
        FlowProgress<ModelInputs> progress = ModelPlanner.ProgressOf(versions.Lake, model);
        ModelOutcome? outcome = null;
        bool refresh = request.FullRefresh;
        string? instead = null;
        while (true)
        {
            long began = clock.GetTimestamp();
            LedgerTail<ModelInputs> recorded = await progress.ReadTailAsync(cancellationToken).ConfigureAwait(false);
            if (outcome is null && await RecordedOrigins.FindReasonAsync(versions.Lake, model, recorded.Last, request, cancellationToken).ConfigureAwait(false) is { } alone)
            {
                return ModelOutcome.Idle(model.Table, ModelState.LeftAlone, -1, alone);
            }

            TableVersion table = await tables.OpenAsync(model.Table, model.Schema, model.PartitionBy, model.Description, engine.Name, cancellationToken).ConfigureAwait(false);
            BatchPlan plan = await _planner.PlanAsync(model, table, recorded, request with { FullRefresh = refresh, FromDay = outcome is null ? request.FromDay : null }, cancellationToken).ConfigureAwait(false);
            if (plan.Inputs is null)
            {
                await progress.CondenseAsync(table.LastBatchOf(model.Table.ToString()), cancellationToken).ConfigureAwait(false);
                return outcome ?? ModelOutcome.Idle(model.Table, ModelState.UpToDate, table.Snapshot.Version, plan.Reason);
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
                done = await RunAsync(new ModelBatch(model, plan.Number, plan.Inputs, table), cancellationToken).ConfigureAwait(false);
            }
            catch (ModelException exception) when (plan.Number < recorded.Count && instead is null && model.Materialization != Materialization.Append)
            {
                if (!await HasOtherInputAsync(model, table, recorded, plan.Inputs, request, cancellationToken).ConfigureAwait(false))
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

    private async Task<ModelOutcome> RunAsync(ModelBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await (batch.Model.Materialization == Materialization.Append
                ? _silver.RunAsync(batch, cancellationToken)
                : _derived.RunAsync(batch, cancellationToken)).ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            throw new ModelException($"{batch.Model.File} cannot be run: {exception.Reason}; the table stays as it was", exception);
        }
        finally
        {
            versions.Forget(batch.Model.Table);
        }
    }

    private async Task<bool> HasOtherInputAsync(
        Model model, TableVersion table, LedgerTail<ModelInputs> recorded, ModelInputs failed, PipelineRequest request, CancellationToken cancellationToken)
    {
        BatchPlan anew = await _planner.PlanAsync(model, table, recorded, request with { FullRefresh = true }, cancellationToken).ConfigureAwait(false);
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
                await tables.OpenAsync(absent.Table, absent.Schema, absent.PartitionBy, absent.Description, engine.Name, cancellationToken).ConfigureAwait(false);
                any = true;
            }
        }

        return any;
    }
}
