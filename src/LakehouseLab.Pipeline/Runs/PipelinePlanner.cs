using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Tells what a run would do, table by table. One that cannot be read is told with its reason, and the others all the same.</summary>
internal sealed class PipelinePlanner(Lake lake, PipelineRequest request, SourceChoice sources)
{
    private readonly TableVersions _versions = new(lake);
    private readonly HashSet<TableName> _changing = [];
    private readonly HashSet<TableName> _failing = [];

    /// <summary>Plans a run; nothing is written.</summary>
    public async Task<PipelinePlan> PlanAsync(IReadOnlyList<Domain> domains, IReadOnlyList<Model> models, CancellationToken cancellationToken)
    {
        List<BronzePlan> bronze = [];
        foreach (Domain domain in domains)
        {
            bronze.Add(await PlanAsync(domain, cancellationToken).ConfigureAwait(false));
        }

        List<ModelPlan> plans = [];
        foreach (Model model in models)
        {
            plans.Add(await PlanAsync(model, cancellationToken).ConfigureAwait(false));
        }

        if (request.Select is null)
        {
            plans.AddRange((await RecordedOrigins.FindOthersAsync(lake, request.Catalog, cancellationToken).ConfigureAwait(false)).Select(static other => new ModelPlan(other.Table.ToString(), false, false, other.Reason)));
        }

        return new PipelinePlan(bronze, plans);
    }

    private async Task<BronzePlan> PlanAsync(Domain domain, CancellationToken cancellationToken)
    {
        TableName table = BronzeTable.Of(domain);
        try
        {
            BronzeBacklog backlog = await BronzeIngestion.CountNewAsync(lake, domain, sources.Of(domain), cancellationToken).ConfigureAwait(false);
            BronzePlan plan = new(table.ToString(), backlog.Objects, backlog.Offsets) { Remarks = backlog.Remarks, Replays = backlog.Replays };
            if (plan.Runs)
            {
                _changing.Add(table);
            }

            return plan;
        }
        catch (Exception exception) when (LakeFailure.Is(exception))
        {
            _failing.Add(table);
            return new BronzePlan(table.ToString(), 0, 0, exception.Message);
        }
    }

    private async Task<ModelPlan> PlanAsync(Model model, CancellationToken cancellationToken)
    {
        string name = model.Table.ToString();
        if (model.Inputs.FirstOrDefault(_failing.Contains) is { } failing)
        {
            _failing.Add(model.Table);
            return new ModelPlan(name, false, false, $"{failing} would fail");
        }

        try
        {
            BatchPlan plan = await new ModelPlanner(_versions).PlanAsync(model, request, cancellationToken).ConfigureAwait(false);
            TableName? input = model.Inputs.FirstOrDefault(_changing.Contains);
            bool runs = !plan.IsLeftAlone && (plan.Inputs is not null || input is not null);
            if (runs)
            {
                await RefuseOtherEngineAsync(model.Table, cancellationToken).ConfigureAwait(false);
                _changing.Add(model.Table);
            }

            return new ModelPlan(name, runs, runs && (plan.Inputs?.Full ?? IsWhole(model)), runs && plan.Inputs is null ? WouldChange(model, input!) : plan.Reason);
        }
        catch (Exception exception) when (LakeFailure.Is(exception))
        {
            _failing.Add(model.Table);
            return new ModelPlan(name, false, false, exception.Message, exception.Message);
        }
    }

    private async Task RefuseOtherEngineAsync(TableName name, CancellationToken cancellationToken)
    {
        if (!request.TakesOver && await _versions.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } table)
        {
            WritingEngine.RefuseOther(table.Table, table.Snapshot, request.EngineName);
        }
    }

    private bool IsWhole(Model model) => model.Materialization is Materialization.Merge or Materialization.ReplacePartitions && request.Catalog.ShapeOf(model).Whole is not null;

    private string WouldChange(Model model, TableName input) =>
        IsWhole(model) ? $"{input} would change; recomputed as a whole, since {request.Catalog.ShapeOf(model).Whole}" : $"{input} would change";
}
