using System.Globalization;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>Finds what a model's next batch ingests: a batch that a killed run left, or what is new in its inputs.</summary>
/// <param name="versions">The lake's tables.</param>
internal sealed class ModelPlanner(TableVersions versions)
{
    // A batch of a source ingests whole versions up to this number of rows, so that its memory does not grow with the lake.
    private const long RowsPerSourceBatch = 8_000_000;

    /// <summary>The records of a model's batches.</summary>
    public static FlowProgress<ModelInputs> ProgressOf(Lake lake, Model model) => new(lake, model.Table.ToString(), ModelInputs.Form);

    /// <summary>What a model's next batch ingests, and why.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public async Task<BatchPlan> PlanAsync(Model model, PipelineRequest request, CancellationToken cancellationToken)
    {
        TableVersion? table = await versions.FindAsync(model.Table, cancellationToken).ConfigureAwait(false);
        LedgerTail<ModelInputs> recorded = await ProgressOf(versions.Lake, model).ReadTailAsync(cancellationToken).ConfigureAwait(false);
        return await PlanAsync(model, table, recorded, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a model's last batch ingests, if that is recorded and the table does not have the batch: a run left it.</summary>
    public async Task<ModelInputs?> FindUnfinishedAsync(Model model, CancellationToken cancellationToken)
    {
        LedgerTail<ModelInputs> recorded = await ProgressOf(versions.Lake, model).ReadTailAsync(cancellationToken).ConfigureAwait(false);
        TableVersion? table = recorded.Count == 0 ? null : await versions.FindAsync(model.Table, cancellationToken).ConfigureAwait(false);
        return (table?.LastBatchOf(model.Table.ToString()) ?? -1) < recorded.Count - 1 ? recorded.Last : null;
    }

    /// <summary>What a model's next batch ingests, given its table and the recorded batches.</summary>
    /// <exception cref="LakeException">The flow's progress and the table contradict each other.</exception>
    public async Task<BatchPlan> PlanAsync(
        Model model, TableVersion? table, LedgerTail<ModelInputs> recorded, PipelineRequest request, CancellationToken cancellationToken)
    {
        if (await RecordedOrigins.FindReasonAsync(versions.Lake, model, recorded.Last, request, cancellationToken).ConfigureAwait(false) is { } alone)
        {
            return new BatchPlan(recorded.Count, null, alone) { IsLeftAlone = true };
        }

        long committed = table?.LastBatchOf(model.Table.ToString()) ?? -1;
        ProgressOf(versions.Lake, model).RefuseUnrecorded(committed, recorded.Count, model.Table.Prefix);
        ModelInputs? last = recorded.Last;
        Dictionary<TableName, TableVersion?> inputs = await OpenAsync(model, cancellationToken).ConfigureAwait(false);
        ForeignTreatment? foreign = model.Sql.Source is null || request.Foreign is ForeignTreatment.Report ? null : request.Foreign;
        string? full = request.FullRefresh ? "a full refresh was asked for"
            : last is null ? ModelOutcome.TableIsNew
            : last.Definition != model.Definition ? ReasonOf(last, model)
            : last.Foreign != foreign ? $"foreign records are treated otherwise than before ({LakeLayout.Foreign})"
            : FindReplaced(last, inputs) is { } replaced ? $"{replaced} is another table than before"
            : committed < recorded.Count - 2 && !last.Full ? "the table lacks what earlier batches ingested"
            : null;

        // A batch that failed for what its model says must not bar the way to a model that was mended.
        if (committed < recorded.Count - 1 && full is null)
        {
            full = await FindUnreadableAsync(model, last!.Tables, inputs, cancellationToken).ConfigureAwait(false);
            if (full is null)
            {
                return new BatchPlan(recorded.Count - 1, last, "the last batch is not in the table: it is run again");
            }
        }

        Dictionary<string, InputRange> ranges = await RangesAsync(model, inputs, full is null ? last!.Tables : null, cancellationToken).ConfigureAwait(false);
        if (full is null)
        {
            full = await FindUnreadableAsync(model, ranges.Where(pair => pair.Value.IsNew).ToDictionary(pair => pair.Key, pair => pair.Value.Range), inputs, cancellationToken).ConfigureAwait(false);
            ranges = full is null ? ranges : await RangesAsync(model, inputs, null, cancellationToken).ConfigureAwait(false);
        }

        string[] changed = [.. ranges.Where(pair => pair.Value.IsNew).Select(pair => pair.Key)];
        bool forced = request.FromDay is not null && model.Materialization == Materialization.ReplacePartitions;
        bool clears = full is not null && last is not null;
        if (!clears && changed.Length == 0 && !forced)
        {
            return new BatchPlan(recorded.Count, null, "nothing is new");
        }

        if (full is null && FindWhole(model, request.Catalog, ranges) is { } reason)
        {
            full = $"recomputed as a whole, since {reason}";
            ranges = await RangesAsync(model, inputs, null, cancellationToken).ConfigureAwait(false);
        }

        return new BatchPlan(
            recorded.Count,
            new ModelInputs(model.Definition, full is not null, ranges.ToDictionary(pair => pair.Key, pair => pair.Value.Range), forced ? request.FromDay : null, forced ? request.ToDay : null) { Foreign = foreign, Origin = model.Origin },
            full ?? (changed.Length > 0 ? $"new rows in {string.Join(", ", changed)}" : "its days were asked for"));
    }

    private static string ReasonOf(ModelInputs last, Model model) =>
        last.Origin == model.Origin ? "the model's definition changed"
        : model.Origin is { } origin ? $"{origin} replaces the model"
        : "the built-in model replaces that of a project";

    // Why new input reaches more than its keys or days: by the query's text, or since rows of an input came or went that belong to none.
    private static string? FindWhole(Model model, ModelCatalog catalog, Dictionary<string, InputRange> ranges)
    {
        if (model.Materialization is not (Materialization.Merge or Materialization.ReplacePartitions))
        {
            return null;
        }

        if (catalog.ShapeOf(model).Whole is { } reason)
        {
            return reason;
        }

        foreach ((string name, InputRange range) in ranges.Where(pair => pair.Value.IsNew))
        {
            Model? input = catalog.Find(TableName.TryParse(name)!);
            if (model.Materialization == Materialization.ReplacePartitions && input?.EventTime is null)
            {
                return $"{name} changed, which has no event_time";
            }

            if (range.RowsRemoved && (model.Materialization == Materialization.Merge || input!.Materialization != Materialization.ReplacePartitions))
            {
                return $"rows of {name} were changed or removed";
            }
        }

        return null;
    }

    // The tables that a model depends on. One of a source shares quarantine with others: if that is lost, its records are recomputed.
    private async Task<Dictionary<TableName, TableVersion?>> OpenAsync(Model model, CancellationToken cancellationToken)
    {
        Dictionary<TableName, TableVersion?> inputs = [];
        foreach (TableName input in model.Sql.Source is { } source ? [source, QuarantineTable.Name] : model.Sql.Inputs)
        {
            inputs[input] = await versions.FindAsync(input, cancellationToken).ConfigureAwait(false);
        }

        return inputs;
    }

    // A table that was deleted and recreated starts its versions again.
    private static string? FindReplaced(ModelInputs last, Dictionary<TableName, TableVersion?> inputs)
    {
        foreach ((TableName name, TableVersion? newest) in inputs)
        {
            if (last.Tables.TryGetValue(name.ToString(), out VersionRange? taken) && taken.TableId is not null && taken.TableId != newest?.Snapshot.Metadata.Id)
            {
                return name.ToString();
            }
        }

        return null;
    }

    // Why a batch cannot read its inputs. Clean-ups keep versions for a while: a model that was not run for longer is recomputed as a whole.
    private async Task<string?> FindUnreadableAsync(
        Model model, IReadOnlyDictionary<string, VersionRange> ranges, Dictionary<TableName, TableVersion?> inputs, CancellationToken cancellationToken)
    {
        foreach ((TableName name, TableVersion? newest) in inputs)
        {
            if (name == QuarantineTable.Name || !ranges.TryGetValue(name.ToString(), out VersionRange? range))
            {
                continue;
            }

            if (range.Until < 0)
            {
                return $"{name} was not there when the last batch was recorded";
            }

            if (newest is not null && !await new InputHistory(versions, newest).IsReadableAsync(range, model.Materialization == Materialization.ReplacePartitions, cancellationToken).ConfigureAwait(false))
            {
                return string.Create(CultureInfo.InvariantCulture, $"what {name} had after version {range.After} was cleaned up");
            }
        }

        return null;
    }

    // What is new of each input since the versions that were ingested last; without those, all of it.
    private async Task<Dictionary<string, InputRange>> RangesAsync(
        Model model, Dictionary<TableName, TableVersion?> inputs, IReadOnlyDictionary<string, VersionRange>? last, CancellationToken cancellationToken)
    {
        Dictionary<string, InputRange> ranges = [];
        foreach ((TableName name, TableVersion? newest) in inputs)
        {
            long after = last is not null && last.TryGetValue(name.ToString(), out VersionRange? taken) ? taken.Until : -1;
            ranges[name.ToString()] = newest is null || newest.Snapshot.Version <= after || name == QuarantineTable.Name
                ? new InputRange(new VersionRange(after, after, newest?.Snapshot.Metadata.Id), IsNew: false)
                : await RangeAsync(new InputHistory(versions, newest), newest, after, model.Materialization == Materialization.Append, cancellationToken).ConfigureAwait(false);
        }

        return ranges;
    }

    private static async Task<InputRange> RangeAsync(InputHistory history, TableVersion newest, long after, bool inPieces, CancellationToken cancellationToken)
    {
        if (after < 0)
        {
            long until = inPieces && RowsOf(newest.Files) > RowsPerSourceBatch ? await LimitAsync(history, after, newest.Snapshot.Version, cancellationToken).ConfigureAwait(false) : newest.Snapshot.Version;
            return new InputRange(new VersionRange(after, until, newest.Snapshot.Metadata.Id), newest.Files.Count > 0);
        }

        TableChanges? changes = await history.FindChangesAsync(after, newest.Snapshot.Version, cancellationToken).ConfigureAwait(false);
        if (changes is { Added.Count: 0, RowsRemoved: false })
        {
            // Its rows were only rearranged: the newest version has the same, and is kept for longer.
            return new InputRange(new VersionRange(newest.Snapshot.Version, newest.Snapshot.Version, newest.Snapshot.Metadata.Id), IsNew: false);
        }

        bool fits = !inPieces || changes is null || RowsOf(changes.Added) <= RowsPerSourceBatch;
        return new InputRange(
            new VersionRange(after, fits ? newest.Snapshot.Version : await LimitAsync(history, after, newest.Snapshot.Version, cancellationToken).ConfigureAwait(false), newest.Snapshot.Metadata.Id), IsNew: true, changes?.RowsRemoved ?? true);
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

    // A range of an input's versions, whether rows came or went in it, and whether any went.
    private sealed record InputRange(VersionRange Range, bool IsNew, bool RowsRemoved = false);
}

/// <summary>What a model's next batch ingests.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Inputs">Its inputs; null when there is nothing to do.</param>
/// <param name="Reason">Why.</param>
public sealed record BatchPlan(long Number, ModelInputs? Inputs, string Reason)
{
    /// <summary>Whether another project's model made the table, so that nothing is done with it.</summary>
    public bool IsLeftAlone { get; init; }
}
