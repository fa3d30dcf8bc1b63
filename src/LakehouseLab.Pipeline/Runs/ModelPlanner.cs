using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Finds what a model's next batch takes in: a batch that a killed run left, or what is new in its inputs.</summary>
internal static class ModelPlanner
{
    /// <summary>What a model's next batch takes in, and why.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public static async Task<BatchPlan> PlanAsync(Lake lake, Model model, PipelineRequest request, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, model.Table.Prefix);
        Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        FlowProgress<ModelInputs> progress = new(lake, model.Table.ToString(), FlowDocuments.Default.ModelInputs);
        IReadOnlyList<ModelInputs> recorded = await progress.ReadAsync(cancellationToken).ConfigureAwait(false);
        return await PlanAsync(lake, model, snapshot, recorded, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a model's next batch takes in, given its table and the recorded batches.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public static async Task<BatchPlan> PlanAsync(
        Lake lake, Model model, Snapshot? snapshot, IReadOnlyList<ModelInputs> recorded, PipelineRequest request, CancellationToken cancellationToken)
    {
        long committed = snapshot?.TransactionVersion(model.Table.ToString()) ?? -1;
        if (committed >= recorded.Count)
        {
            throw new LakeException($"{lake.Location}/{model.Table.Prefix} has batch {committed} though {lake.Location}/{LakeLayout.Progress}{model.Table}/ records {recorded.Count} only: restore the records from a copy, or the table");
        }

        // A batch that failed for what its model says must not bar the way to a model that was mended.
        if (committed < recorded.Count - 1 && !request.FullRefresh && recorded[^1].Definition == model.Definition)
        {
            return new BatchPlan(recorded.Count - 1, recorded[^1], "a run was cut off: its batch is run again");
        }

        ModelInputs? last = recorded.Count == 0 ? null : recorded[^1];
        string? full = request.FullRefresh ? "a full refresh was asked for"
            : last is null ? "the table is new"
            : last.Definition != model.Definition ? "the model's definition changed"
            : null;
        Dictionary<string, VersionRange> ranges = [];
        List<string> changed = [];
        foreach (TableName input in model.Inputs)
        {
            long after = full is null && last!.Tables.TryGetValue(input.ToString(), out VersionRange? taken) ? taken.Until : -1;
            (VersionRange range, bool isNew) = await RangeAsync(lake, input, after, model.Materialization == Materialization.Append, cancellationToken).ConfigureAwait(false);
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
                new ModelInputs(model.Definition, full is not null, ranges, forced ? request.FromDay : null, forced ? request.ToDay : null),
                full ?? (changed.Count > 0 ? $"new rows in {string.Join(", ", changed)}" : "its days were asked for"))
            : new BatchPlan(recorded.Count, null, "nothing is new");
    }

    // What is new of an input: a range of its versions, and whether rows came or went in it.
    private static async Task<(VersionRange Range, bool IsNew)> RangeAsync(Lake lake, TableName name, long after, bool isSource, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        long newest = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is { } snapshot ? snapshot.Version : -1;
        if (newest <= after)
        {
            return (new VersionRange(after, after), false);
        }

        TableChanges changes = await table.GetChangesAsync(after, newest, cancellationToken).ConfigureAwait(false);
        if (changes.Added.Count == 0 && !changes.RowsRemoved)
        {
            // A table that is still empty is read all the same, as of a version that there is.
            return (new VersionRange(after, Math.Max(after, 0)), false);
        }

        return (new VersionRange(after, isSource ? await LimitAsync(table, after, newest, cancellationToken).ConfigureAwait(false) : newest), true);
    }

    // A batch of a source takes in whole versions up to a number of rows, so that its memory does not grow with the lake.
    private static async Task<long> LimitAsync(DeltaTable table, long after, long newest, CancellationToken cancellationToken)
    {
        const long RowsPerBatch = 8_000_000;
        long rows = 0;
        for (long version = after + 1; version <= newest; version++)
        {
            TableChanges changes = await table.GetChangesAsync(version - 1, version, cancellationToken).ConfigureAwait(false);
            rows += changes.Added.Sum(file => file.Rows ?? 0);
            if (rows > RowsPerBatch && version > after + 1)
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
