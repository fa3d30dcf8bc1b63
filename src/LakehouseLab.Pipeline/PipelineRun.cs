using System.Globalization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reference;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Spark;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Trends;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline;

/// <summary>The use case "run the pipeline": raw records into Bronze, then the models in order. What is there already is not done again.</summary>
public static class PipelineRun
{
    /// <summary>Runs the pipeline of a lake, which the caller has locked.</summary>
    /// <returns>What each step did; a failed model is told there, and what depends on it is skipped.</returns>
    /// <exception cref="World.Requests.InvalidRequestException">The selection names no model, or there are topics to read and no cluster.</exception>
    /// <exception cref="ModelException">A model that comes with the program is wrong.</exception>
    public static async Task<PipelineReport> RunAsync(
        Lake lake, PipelineRequest request, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        SourceChoice sources = await SourceChoice.MakeAsync(lake, request, cancellationToken).ConfigureAwait(false);
        await using IEngine engine = request.Spark is { } spark
            ? await SparkEngine.OpenAsync(lake, spark, request.Threads, clock, cancellationToken).ConfigureAwait(false)
            : new DuckDbEngine(lake, OptionsOf(request), clock);
        return await RunAsync(
            lake, request, engine, domain => IngestAsync(lake, domain, sources.Of(domain), request.Threads, clock, progress, cancellationToken), clock, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same with an engine that is open, and with a way of one's own to ingest new records of a domain.</summary>
    internal static async Task<PipelineReport> RunAsync(
        Lake lake, PipelineRequest request, IEngine engine, Func<Domain, Task<BronzeOutcome>> ingest, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        ModelCatalog catalog = request.Catalog;
        IReadOnlyList<Model> models = catalog.Select(request.Select);
        DateTimeOffset startedAt = clock.GetUtcNow();
        long began = clock.GetTimestamp();
        DuckDbOptions options = OptionsOf(request);
        request = request with { Foreign = await ForeignPolicy.SettleAsync(lake, request.Foreign, cancellationToken).ConfigureAwait(false) };
        List<BronzeOutcome> bronze = [];
        foreach (Domain domain in SourcesOf(models))
        {
            BronzeOutcome ingested = await ingest(domain).ConfigureAwait(false);
            bronze.Add(ingested);
            progress?.Report(new PipelineProgress(ingested.Table, ingested.Records, ingested.Records) { Ingested = ingested });
        }

        TableVersions versions = new(lake);
        TableCreation tables = new(versions, clock) { TakesOver = request.TakesOver };
        Dictionary<TableName, string> broken = await PrepareAsync(versions, tables, engine.Name, options, clock, cancellationToken).ConfigureAwait(false);
        List<ModelOutcome> outcomes = await RunModelsAsync(new ModelRunner(versions, tables, catalog, engine, clock), models, bronze, broken, request, progress, cancellationToken).ConfigureAwait(false);
        outcomes.AddRange(await LeftAloneAsync(lake, request, cancellationToken).ConfigureAwait(false));
        string id = startedAt.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        PipelineReport report = new(id, engine.Name, startedAt, clock.GetElapsedTime(began).TotalSeconds, bronze, outcomes) { Decode = (engine as SparkEngine)?.DecodesIn.ToString().ToLowerInvariant() };
        report = report with { Models = await RecentRates.WarnAsync(lake, report.Models, cancellationToken).ConfigureAwait(false) };
        await new RunHistory(lake).AddAsync(report, cancellationToken).ConfigureAwait(false);
        await CompactAsync(new Compaction(lake, options, clock), engine as SparkEngine, new TableVersions(lake), report, cancellationToken).ConfigureAwait(false);
        return report;
    }

    /// <summary>What a run would do now; nothing is written.</summary>
    /// <exception cref="World.Requests.InvalidRequestException">The selection names no model.</exception>
    public static async Task<PipelinePlan> PlanAsync(Lake lake, PipelineRequest request, CancellationToken cancellationToken)
    {
        ModelCatalog catalog = request.Catalog;
        IReadOnlyList<Model> models = catalog.Select(request.Select);
        SourceChoice sources = await SourceChoice.MakeAsync(lake, request, cancellationToken).ConfigureAwait(false);
        request = request with { Foreign = await ForeignPolicy.FindAsync(lake, request.Foreign, cancellationToken).ConfigureAwait(false) };
        return await new PipelinePlanner(lake, request, sources).PlanAsync([.. SourcesOf(models)], models, cancellationToken).ConfigureAwait(false);
    }

    private static DuckDbOptions OptionsOf(PipelineRequest request) => new(request.MemoryLimit, request.Threads);

    // Tables that only another project's models make. A stream says nothing of them with every micro-batch.
    private static async Task<IEnumerable<ModelOutcome>> LeftAloneAsync(Lake lake, PipelineRequest request, CancellationToken cancellationToken) =>
        request.Select is not null || request.IsOneBatch ? []
        : (await RecordedOrigins.FindOthersAsync(lake, request.Catalog, cancellationToken).ConfigureAwait(false)).Select(static other => ModelOutcome.Idle(other.Table, ModelState.LeftAlone, -1, other.Reason));

    /// <summary>The domains whose Bronze tables models read.</summary>
    internal static IEnumerable<Domain> SourcesOf(IReadOnlyList<Model> models) =>
        Domain.All.Where(domain => models.Any(model => model.Sql.Source == BronzeTable.Of(domain)));

    private static async Task<List<ModelOutcome>> RunModelsAsync(
        ModelRunner runner, IReadOnlyList<Model> models, List<BronzeOutcome> bronze, Dictionary<TableName, string> broken, PipelineRequest request, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
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
            else if (NeededBy(model).FirstOrDefault(broken.ContainsKey) is { } needed)
            {
                outcome = ModelOutcome.Idle(model.Table, ModelState.Failed, -1, broken[needed]);
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
    private static async Task CompactAsync(Compaction compaction, SparkEngine? spark, TableVersions versions, PipelineReport report, CancellationToken cancellationToken)
    {
        IEnumerable<string> written = report.Bronze.Where(bronze => bronze.Records > 0).Select(bronze => bronze.Table)
            .Concat(report.Models.Where(model => model.State == ModelState.Updated).Select(model => model.Table))
            .Concat(report.Models.Any(model => model.Quarantined > 0) ? [QuarantineTable.Name.ToString()] : []);
        foreach (TableName table in written.Select(name => TableName.TryParse(name)!))
        {
            TableVersion version = await versions.GetAsync(table, cancellationToken).ConfigureAwait(false);
            if (spark is null || WritingEngine.OwnerOf(version.Snapshot) != spark.Name)
            {
                await compaction.RunAsync(table, Compaction.PiledUp, cancellationToken).ConfigureAwait(false);
            }
            else if (Compaction.SmallFilesOf(version.Snapshot, Compaction.PiledUp).Count > 0)
            {
                await spark.CompactAsync(table, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<BronzeOutcome> IngestAsync(
        Lake lake, Domain domain, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
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

    // The tables that are not a model's, so that every query finds them. One that cannot be read fails the models that need it, and no others.
    private static async Task<Dictionary<TableName, string>> PrepareAsync(TableVersions versions, TableCreation tables, string engine, DuckDbOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        Dictionary<TableName, string> broken = [];
        await TryAsync(ReferenceTable.FxRates.Table, () => new FxRatesTable(versions, clock).EnsureAsync(options, cancellationToken)).ConfigureAwait(false);
        await TryAsync(QuarantineTable.Name, () => tables.OpenAsync(
            QuarantineTable.Name, QuarantineTable.Schema, QuarantineTable.Partition, "Records that Silver could not take, with the reason.", engine, cancellationToken)).ConfigureAwait(false);
        return broken;

        async Task TryAsync(TableName table, Func<Task> prepare)
        {
            try
            {
                await prepare().ConfigureAwait(false);
            }
            catch (Exception exception) when (LakeFailure.Is(exception))
            {
                broken.Add(table, exception.Message);
            }
        }
    }

    // A model of a source writes to quarantine too.
    private static IEnumerable<TableName> NeededBy(Model model) => model.Sql.Source is null ? model.Sql.Inputs : [QuarantineTable.Name];
}
