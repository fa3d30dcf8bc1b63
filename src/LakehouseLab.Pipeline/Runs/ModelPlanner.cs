using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Foreign;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Finds what a model's next batch takes in: a batch that a killed run left, or what is new in its inputs.</summary>
internal static class ModelPlanner
{
    // A batch of a source takes in whole versions up to this number of rows, so that its memory does not grow with the lake.
    private const long RowsPerSourceBatch = 8_000_000;

    /// <summary>The records of a model's batches.</summary>
    public static FlowProgress<ModelInputs> ProgressOf(Lake lake, Model model) => new(lake, model.Table.ToString(), ModelInputs.Form);

    /// <summary>What a model's next batch takes in, and why.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public static async Task<BatchPlan> PlanAsync(Lake lake, Model model, PipelineRequest request, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, model.Table.Prefix);
        Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ModelInputs> recorded = await ProgressOf(lake, model).ReadAsync(cancellationToken).ConfigureAwait(false);
        return await PlanAsync(lake, model, snapshot, recorded, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a model's next batch takes in, given its table and the recorded batches.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public static async Task<BatchPlan> PlanAsync(
        Lake lake, Model model, Snapshot? snapshot, IReadOnlyList<ModelInputs> recorded, PipelineRequest request, CancellationToken cancellationToken)
    {
        long committed = snapshot?.TransactionVersion(model.Table.ToString()) ?? -1;
        ProgressOf(lake, model).RefuseUnrecorded(committed, recorded.Count, model.Table.Prefix);
        ModelInputs? last = recorded.Count == 0 ? null : recorded[^1];
        Dictionary<TableName, Snapshot?> inputs = await OpenAsync(lake, model, cancellationToken).ConfigureAwait(false);
        ForeignTreatment? foreign = model.Sql.Source is null || request.Foreign is ForeignTreatment.Report ? null : request.Foreign;
        string? full = request.FullRefresh ? "a full refresh was asked for"
            : last is null ? "the table is new"
            : last.Definition != model.Definition ? "the model's definition changed"
            : last.Foreign != foreign ? $"foreign records are treated otherwise than before ({LakeLayout.Foreign})"
            : FindReplaced(last, inputs) is { } replaced ? $"{replaced} is another table than before"
            : committed < recorded.Count - 2 && !last.Full ? "the table lacks what earlier batches took in"
            : null;

        // A batch that failed for what its model says must not bar the way to a model that was mended.
        if (committed < recorded.Count - 1 && full is null)
        {
            return new BatchPlan(recorded.Count - 1, last, "the last batch is not in the table: it is run again");
        }

        Dictionary<string, VersionRange> ranges = [];
        List<string> changed = [];
        foreach ((TableName input, Snapshot? newest) in inputs)
        {
            long after = full is null && last!.Tables.TryGetValue(input.ToString(), out VersionRange? taken) ? taken.Until : -1;
            (VersionRange range, bool isNew) = await RangeAsync(lake, input, newest, after, model, cancellationToken).ConfigureAwait(false);
            ranges[input.ToString()] = range;
            if (isNew)
            {
                changed.Add(input.ToString());
            }
        }

        bool forced = request.FromDay is not null && model.Materialization == Materialization.ReplacePartitions;
        bool clears = full is not null && last is not null;
        return clears || changed.Count > 0 || forced
            ? new BatchPlan(
                recorded.Count,
                new ModelInputs(model.Definition, full is not null, ranges, forced ? request.FromDay : null, forced ? request.ToDay : null) { Foreign = foreign },
                full ?? (changed.Count > 0 ? $"new rows in {string.Join(", ", changed)}" : "its days were asked for"))
            : new BatchPlan(recorded.Count, null, "nothing is new");
    }

    // The tables that a model depends on. One of a source shares quarantine with others: if that is lost, its records are made again.
    private static async Task<Dictionary<TableName, Snapshot?>> OpenAsync(Lake lake, Model model, CancellationToken cancellationToken)
    {
        Dictionary<TableName, Snapshot?> inputs = [];
        foreach (TableName input in model.Sql.Source is { } source ? [source, QuarantineTable.Name] : model.Sql.Inputs)
        {
            inputs[input] = await new DeltaTable(lake.Store, input.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        }

        return inputs;
    }

    // A table that was deleted and made again begins its versions anew.
    private static string? FindReplaced(ModelInputs last, Dictionary<TableName, Snapshot?> inputs)
    {
        foreach ((TableName name, Snapshot? newest) in inputs)
        {
            if (last.Tables.TryGetValue(name.ToString(), out VersionRange? taken) && taken.TableId is not null && taken.TableId != newest?.Metadata.Id)
            {
                return name.ToString();
            }
        }

        return null;
    }

    // What is new of an input: a range of its versions, and whether rows came or went in it.
    private static async Task<(VersionRange Range, bool IsNew)> RangeAsync(
        Lake lake, TableName name, Snapshot? newest, long after, Model model, CancellationToken cancellationToken)
    {
        if (newest is null || newest.Version <= after || name == QuarantineTable.Name)
        {
            return (new VersionRange(after, after, newest?.Metadata.Id), false);
        }

        DeltaTable table = new(lake.Store, name.Prefix);
        TableChanges changes = await table.GetChangesAsync(after, newest.Version, cancellationToken).ConfigureAwait(false);
        if (changes.Added.Count == 0 && !changes.RowsRemoved)
        {
            // A table that is still empty is read all the same, as of a version that there is.
            return (new VersionRange(after, Math.Max(after, 0), newest.Metadata.Id), false);
        }

        bool fits = model.Materialization != Materialization.Append || RowsOf(changes) <= RowsPerSourceBatch;
        return (new VersionRange(after, fits ? newest.Version : await LimitAsync(table, after, newest.Version, cancellationToken).ConfigureAwait(false), newest.Metadata.Id), true);
    }

    private static long RowsOf(TableChanges changes) => changes.Added.Sum(file => file.Rows ?? 0);

    private static async Task<long> LimitAsync(DeltaTable table, long after, long newest, CancellationToken cancellationToken)
    {
        long rows = 0;
        for (long version = after + 1; version <= newest; version++)
        {
            rows += RowsOf(await table.GetChangesAsync(version - 1, version, cancellationToken).ConfigureAwait(false));
            if (rows > RowsPerSourceBatch && version > after + 1)
            {
                return version - 1;
            }
        }

        return newest;
    }
}

/// <summary>What a model's next batch takes in.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Inputs">Its inputs; null when there is nothing to do.</param>
/// <param name="Reason">Why.</param>
public sealed record BatchPlan(long Number, ModelInputs? Inputs, string Reason);
