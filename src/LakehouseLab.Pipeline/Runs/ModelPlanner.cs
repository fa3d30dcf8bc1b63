using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Pipeline.Flows;
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
        LedgerTail<ModelInputs> recorded = await ProgressOf(lake, model).ReadTailAsync(cancellationToken).ConfigureAwait(false);
        return await PlanAsync(lake, model, snapshot, recorded, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a model's last batch takes in, if that is recorded and the table does not have the batch: a run left it.</summary>
    public static async Task<ModelInputs?> FindUnfinishedAsync(Lake lake, Model model, CancellationToken cancellationToken)
    {
        LedgerTail<ModelInputs> recorded = await ProgressOf(lake, model).ReadTailAsync(cancellationToken).ConfigureAwait(false);
        Snapshot? snapshot = recorded.Count == 0 ? null : await new DeltaTable(lake.Store, model.Table.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        return (snapshot?.TransactionVersion(model.Table.ToString()) ?? -1) < recorded.Count - 1 ? recorded.Last : null;
    }

    /// <summary>What a model's next batch takes in, given its table and the recorded batches.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public static async Task<BatchPlan> PlanAsync(
        Lake lake, Model model, Snapshot? snapshot, LedgerTail<ModelInputs> recorded, PipelineRequest request, CancellationToken cancellationToken)
    {
        long committed = snapshot?.TransactionVersion(model.Table.ToString()) ?? -1;
        ProgressOf(lake, model).RefuseUnrecorded(committed, recorded.Count, model.Table.Prefix);
        ModelInputs? last = recorded.Last;
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
            full = await FindUnreadableAsync(lake, model, last!.Tables, inputs, cancellationToken).ConfigureAwait(false);
            if (full is null)
            {
                return new BatchPlan(recorded.Count - 1, last, "the last batch is not in the table: it is run again");
            }
        }

        Dictionary<string, InputRange> ranges = await RangesAsync(lake, model, inputs, full is null ? last!.Tables : null, cancellationToken).ConfigureAwait(false);
        if (full is null)
        {
            full = await FindUnreadableAsync(lake, model, ranges.Where(pair => pair.Value.IsNew).ToDictionary(pair => pair.Key, pair => pair.Value.Range), inputs, cancellationToken).ConfigureAwait(false);
            ranges = full is null ? ranges : await RangesAsync(lake, model, inputs, null, cancellationToken).ConfigureAwait(false);
        }

        string[] changed = [.. ranges.Where(pair => pair.Value.IsNew).Select(pair => pair.Key)];
        bool forced = request.FromDay is not null && model.Materialization == Materialization.ReplacePartitions;
        bool clears = full is not null && last is not null;
        return clears || changed.Length > 0 || forced
            ? new BatchPlan(
                recorded.Count,
                new ModelInputs(model.Definition, full is not null, ranges.ToDictionary(pair => pair.Key, pair => pair.Value.Range), forced ? request.FromDay : null, forced ? request.ToDay : null) { Foreign = foreign },
                full ?? (changed.Length > 0 ? $"new rows in {string.Join(", ", changed)}" : "its days were asked for"))
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

    // Why a batch cannot read its inputs. Clean-ups keep versions for a while: a model that was not run for longer is made again as a whole.
    private static async Task<string?> FindUnreadableAsync(
        Lake lake, Model model, IReadOnlyDictionary<string, VersionRange> ranges, Dictionary<TableName, Snapshot?> inputs, CancellationToken cancellationToken)
    {
        foreach ((TableName name, Snapshot? newest) in inputs)
        {
            if (name == QuarantineTable.Name || !ranges.TryGetValue(name.ToString(), out VersionRange? range))
            {
                continue;
            }

            if (range.Until < 0)
            {
                return $"{name} was not there when the last batch was recorded";
            }

            if (newest is not null && !await new InputHistory(lake, name, newest).IsReadableAsync(range, model.Materialization == Materialization.ReplacePartitions, cancellationToken).ConfigureAwait(false))
            {
                return string.Create(CultureInfo.InvariantCulture, $"what {name} had after version {range.After} was cleaned up");
            }
        }

        return null;
    }

    // What is new of each input since the versions that were taken in last; without those, all of it.
    private static async Task<Dictionary<string, InputRange>> RangesAsync(
        Lake lake, Model model, Dictionary<TableName, Snapshot?> inputs, IReadOnlyDictionary<string, VersionRange>? last, CancellationToken cancellationToken)
    {
        Dictionary<string, InputRange> ranges = [];
        foreach ((TableName name, Snapshot? newest) in inputs)
        {
            long after = last is not null && last.TryGetValue(name.ToString(), out VersionRange? taken) ? taken.Until : -1;
            ranges[name.ToString()] = newest is null || newest.Version <= after || name == QuarantineTable.Name
                ? new InputRange(new VersionRange(after, after, newest?.Metadata.Id), IsNew: false)
                : await RangeAsync(new InputHistory(lake, name, newest), newest, after, model.Materialization == Materialization.Append, cancellationToken).ConfigureAwait(false);
        }

        return ranges;
    }

    private static async Task<InputRange> RangeAsync(InputHistory history, Snapshot newest, long after, bool inPieces, CancellationToken cancellationToken)
    {
        if (after < 0)
        {
            long until = inPieces && RowsOf(newest.Files) > RowsPerSourceBatch ? await LimitAsync(history, after, newest.Version, cancellationToken).ConfigureAwait(false) : newest.Version;
            return new InputRange(new VersionRange(after, until, newest.Metadata.Id), newest.Files.Count > 0);
        }

        TableChanges? changes = await history.FindChangesAsync(after, newest.Version, cancellationToken).ConfigureAwait(false);
        if (changes is { Added.Count: 0, RowsRemoved: false })
        {
            // Its rows were only rearranged: the newest version has the same, and is kept for longer.
            return new InputRange(new VersionRange(newest.Version, newest.Version, newest.Metadata.Id), IsNew: false);
        }

        bool fits = !inPieces || changes is null || RowsOf(changes.Added) <= RowsPerSourceBatch;
        return new InputRange(
            new VersionRange(after, fits ? newest.Version : await LimitAsync(history, after, newest.Version, cancellationToken).ConfigureAwait(false), newest.Metadata.Id), IsNew: true);
    }

    private static long RowsOf(IEnumerable<AddFile> files) => files.Sum(file => file.Rows ?? 0);

    // The last version up to which there are not too many rows; the newest when older ones cannot be told apart any more.
    private static async Task<long> LimitAsync(InputHistory history, long after, long newest, CancellationToken cancellationToken)
    {
        long rows = 0;
        for (long version = after + 1; version <= newest; version++)
        {
            if (await history.FindChangesAsync(version - 1, version, cancellationToken).ConfigureAwait(false) is not { } changes)
            {
                return newest;
            }

            rows += RowsOf(changes.Added);
            if (rows > RowsPerSourceBatch && version > after + 1)
            {
                return await history.IsReadableAsync(new VersionRange(after, version - 1), comparesVersions: false, cancellationToken).ConfigureAwait(false) ? version - 1 : newest;
            }
        }

        return newest;
    }

    // A range of an input's versions, and whether rows came or went in it.
    private sealed record InputRange(VersionRange Range, bool IsNew);
}

/// <summary>What a model's next batch takes in.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Inputs">Its inputs; null when there is nothing to do.</param>
/// <param name="Reason">Why.</param>
public sealed record BatchPlan(long Number, ModelInputs? Inputs, string Reason);
