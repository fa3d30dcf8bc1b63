using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reference;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline;

/// <summary>The use case "run the pipeline": raw records into Bronze, then the models in order. What is there already is not done again.</summary>
public static class PipelineRun
{
    /// <summary>Runs the pipeline of a lake, which the caller has locked.</summary>
    /// <returns>What each step did; a failed model is told there, and what depends on it is skipped.</returns>
    /// <exception cref="World.InvalidRequestException">The selection names no model, or there are topics to read and no cluster.</exception>
    /// <exception cref="ModelException">A model that comes with the program is wrong.</exception>
    public static async Task<PipelineReport> RunAsync(
        Lake lake, PipelineRequest request, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        ModelCatalog catalog = ModelCatalog.LoadBuiltIn();
        IReadOnlyList<Model> models = catalog.Select(request.Select);
        DateTimeOffset startedAt = clock.GetUtcNow();
        long began = clock.GetTimestamp();
        SourceChoice sources = await SourceChoice.MakeAsync(lake, request, cancellationToken).ConfigureAwait(false);
        request = request with { Foreign = await ForeignPolicy.SettleAsync(lake, request.Foreign, cancellationToken).ConfigureAwait(false) };
        List<BronzeOutcome> bronze = [];
        foreach (DomainSchema domain in SourcesOf(models))
        {
            BronzeOutcome ingested = await IngestAsync(lake, domain, sources.Of(domain), request.Threads, clock, progress, cancellationToken).ConfigureAwait(false);
            bronze.Add(ingested);
            progress?.Report(new PipelineProgress(ingested.Table, ingested.Records, ingested.Records) { Ingested = ingested });
        }

        DuckDbOptions options = new(request.MemoryLimit, request.Threads);
        await PrepareAsync(lake, options, clock, cancellationToken).ConfigureAwait(false);
        using DuckDbEngine engine = new(lake, catalog, options, clock);
        List<ModelOutcome> outcomes = await RunModelsAsync(new ModelRunner(lake, catalog, engine, clock), models, bronze, request, progress, cancellationToken).ConfigureAwait(false);
        string id = startedAt.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        PipelineReport report = new(id, engine.Name, startedAt, clock.GetElapsedTime(began).TotalSeconds, bronze, outcomes);
        await new RunHistory(lake).AddAsync(report, cancellationToken).ConfigureAwait(false);
        await CompactAsync(new Compaction(lake, options, clock), report, cancellationToken).ConfigureAwait(false);
        return report;
    }

    /// <summary>What a run would do now; nothing is written.</summary>
    /// <exception cref="World.InvalidRequestException">The selection names no model.</exception>
    public static async Task<PipelinePlan> PlanAsync(Lake lake, PipelineRequest request, CancellationToken cancellationToken)
    {
        ModelCatalog catalog = ModelCatalog.LoadBuiltIn();
        IReadOnlyList<Model> models = catalog.Select(request.Select);
        SourceChoice sources = await SourceChoice.MakeAsync(lake, request, cancellationToken).ConfigureAwait(false);
        request = request with { Foreign = await ForeignPolicy.FindAsync(lake, request.Foreign, cancellationToken).ConfigureAwait(false) };
        return await new PipelinePlanner(lake, request, sources).PlanAsync([.. SourcesOf(models)], models, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The domains whose Bronze tables models read.</summary>
    internal static IEnumerable<DomainSchema> SourcesOf(IReadOnlyList<Model> models) =>
        DomainSchemas.All.Where(domain => models.Any(model => model.Sql.Source == BronzeTable.Of(domain)));

    private static async Task<List<ModelOutcome>> RunModelsAsync(
        ModelRunner runner, IReadOnlyList<Model> models, List<BronzeOutcome> bronze, PipelineRequest request, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        List<ModelOutcome> outcomes = [];
        HashSet<TableName> behind = [.. bronze.Where(table => table.Failure is not null).Select(table => TableName.TryParse(table.Table)!)];
        foreach (Model model in models)
        {
            progress?.Report(new PipelineProgress(model.Table.ToString(), outcomes.Count, models.Count));
            ModelOutcome outcome;
            if (model.Inputs.FirstOrDefault(behind.Contains) is { } failed)
            {
                outcome = ModelOutcome.Idle(model.Table, ModelState.Skipped, -1, $"{failed} failed");
            }
            else
            {
                try
                {
                    outcome = await runner.RunAsync(model, request, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (LakeFailure.Is(exception))
                {
                    outcome = ModelOutcome.Idle(model.Table, ModelState.Failed, -1, exception.Message);
                }
            }

            if (outcome.State is ModelState.Failed or ModelState.Skipped)
            {
                behind.Add(model.Table);
            }

            outcomes.Add(outcome);
            progress?.Report(new PipelineProgress(outcome.Table, outcomes.Count, models.Count) { Finished = outcome });
        }

        return outcomes;
    }

    // Small files pile up only in tables that were written to.
    private static async Task CompactAsync(Compaction compaction, PipelineReport report, CancellationToken cancellationToken)
    {
        IEnumerable<string> written = report.Bronze.Where(bronze => bronze.Records > 0).Select(bronze => bronze.Table)
            .Concat(report.Models.Where(model => model.State == ModelState.Updated).Select(model => model.Table))
            .Concat(report.Models.Any(model => model.Quarantined > 0) ? [QuarantineTable.Name.ToString()] : []);
        foreach (string table in written)
        {
            await compaction.RunAsync(TableName.TryParse(table)!, Compaction.PiledUp, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<BronzeOutcome> IngestAsync(
        Lake lake, DomainSchema domain, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        string name = BronzeTable.Of(domain).ToString();
        long began = clock.GetTimestamp();
        try
        {
            BronzeResult result = await BronzeIngestion.RunAsync(lake, domain, sources, threads, clock, progress, cancellationToken).ConfigureAwait(false);
            return new BronzeOutcome(name, result.Objects, result.Records, result.Bytes, clock.GetElapsedTime(began).TotalSeconds, null) 
            {
                EventTime = result.EventTime,
                Remarks = result.Remarks,
            };
        }
        catch (Exception exception) when (LakeFailure.Is(exception))
        {
            return new BronzeOutcome(name, 0, 0, 0, clock.GetElapsedTime(began).TotalSeconds, exception.Message);
        }
    }

    // The tables that are no model's, so that every query finds them.
    private static async Task PrepareAsync(Lake lake, DuckDbOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        await new FxRatesTable(lake, clock).EnsureAsync(options, cancellationToken).ConfigureAwait(false);
        await new TableCreation(lake, clock).OpenAsync(
            QuarantineTable.Name, QuarantineTable.Schema, QuarantineTable.Partition, "Records that Silver could not take, with the reason.", DuckDbEngine.EngineName, cancellationToken).ConfigureAwait(false);
    }
}
