using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Finds the tables that models of a project have made: a run that lacks these models leaves them as they are.</summary>
internal static class RecordedOrigins
{
    /// <summary>Why a model is not run over its table; null when it is.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="model">The model.</param>
    /// <param name="last">The last batch that is recorded of its table; null for none.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<string?> FindReasonAsync(Lake lake, Model model, ModelInputs? last, PipelineRequest request, CancellationToken cancellationToken)
    {
        if (last?.Origin is not { } origin || model.Origin is not null || last.Definition == model.Definition)
        {
            return null;
        }

        bool isNamed = request.FullRefresh && ModelCatalog.Names(request.Select, model.Table);
        return isNamed || await new DeltaTable(lake.Store, model.Table.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is null
            ? null
            : $"left alone: {origin} made it; run in that project, or with --full-refresh --select {model.Table} to make it by the built-in model";
    }

    /// <summary>The tables of models that a catalogue lacks, each with why nothing is done with it.</summary>
    public static async Task<IReadOnlyList<(TableName Table, string Reason)>> FindOthersAsync(Lake lake, ModelCatalog catalog, CancellationToken cancellationToken)
    {
        HashSet<TableName> others = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.Progress, cancellationToken).ConfigureAwait(false))
        {
            string flow = item.Key[LakeLayout.Progress.Length..].Split('/')[0];
            if (TableName.TryParse(flow) is { Layer: "silver" or "gold" } table && catalog.Find(table) is null)
            {
                others.Add(table);
            }
        }

        List<(TableName, string)> found = [];
        foreach (TableName table in others.OrderBy(static table => table.ToString(), StringComparer.Ordinal))
        {
            LedgerTail<ModelInputs> recorded = await new FlowProgress<ModelInputs>(lake, table.ToString(), ModelInputs.Form).ReadTailAsync(cancellationToken).ConfigureAwait(false);
            if (recorded.Last?.Origin is { } origin)
            {
                found.Add((table, $"left alone: {origin} made it; run in that project"));
            }
        }

        return found;
    }
}
