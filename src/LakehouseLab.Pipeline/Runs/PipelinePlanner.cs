using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Tells what a run would do, table by table. One that cannot be read is told with its reason, and the others all the same.</summary>
internal sealed class PipelinePlanner(Lake lake, PipelineRequest request, SourceChoice sources)
{
    private readonly HashSet<TableName> _changing = [];
    private readonly HashSet<TableName> _failing = [];

    /// <summary>Plans a run; nothing is written.</summary>
    public async Task<PipelinePlan> PlanAsync(IReadOnlyList<DomainSchema> domains, IReadOnlyList<Model> models, CancellationToken cancellationToken)
    {
        List<BronzePlan> bronze = [];
        foreach (DomainSchema domain in domains)
        {
            bronze.Add(await PlanAsync(domain, cancellationToken).ConfigureAwait(false));
        }

        List<ModelPlan> plans = [];
        foreach (Model model in models)
        {
            plans.Add(await PlanAsync(model, cancellationToken).ConfigureAwait(false));
        }

        return new PipelinePlan(bronze, plans);
    }

    private async Task<BronzePlan> PlanAsync(DomainSchema domain, CancellationToken cancellationToken)
    {
        TableName table = BronzeTable.Of(domain);
        try
        {
            BronzeBacklog backlog = await BronzeIngestion.CountNewAsync(lake, domain, sources.Of(domain), cancellationToken).ConfigureAwait(false);
            BronzePlan plan = new(table.ToString(), backlog.Objects, backlog.Offsets) { Remarks = backlog.Remarks };
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
            BatchPlan plan = await ModelPlanner.PlanAsync(lake, model, request, cancellationToken).ConfigureAwait(false);
            TableName? input = model.Inputs.FirstOrDefault(_changing.Contains);
            bool runs = plan.Inputs is not null || input is not null;
            if (runs)
            {
                _changing.Add(model.Table);
            }

            return new ModelPlan(name, runs, plan.Inputs?.Full ?? false, plan.Inputs is null && input is not null ? $"{input} would change" : plan.Reason);
        }
        catch (Exception exception) when (LakeFailure.Is(exception))
        {
            _failing.Add(model.Table);
            return new ModelPlan(name, false, false, exception.Message, exception.Message);
        }
    }
}
