using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Bronze.Streams;

/// <summary>How far a stream of Spark is in a Bronze table: by its checkpoint, and by the table's <c>txn</c>, which says how much of that is committed.</summary>
/// <param name="Start">Number of the progress record with which it begins.</param>
/// <param name="Starts">Where it began.</param>
/// <param name="Checkpoint">Its checkpoint.</param>
/// <param name="Next">The next offsets; null when the checkpoint does not tell.</param>
/// <param name="Fault">Why the checkpoint is not that of the table, and the remedy; null when it is.</param>
internal sealed record StreamPosition(
    int Start, IReadOnlyList<StreamStart> Starts, StreamCheckpoint Checkpoint, IReadOnlyDictionary<(string Topic, int Partition), long> Next, string? Fault)
{
    /// <summary>What helps where a checkpoint is lost.</summary>
    public const string Remedy = "--take-over, which begins a new checkpoint after the offsets that are in the table";

    /// <summary>The same as progress records have it: what it has taken from each partition.</summary>
    public BronzeInputs AsInputs => new([], [.. Next.Select(next => RangeOf(next.Key.Topic, next.Key.Partition, next.Value))]);

    /// <summary>Whether a table is written by streams of Spark.</summary>
    public static bool IsStreamed(Snapshot snapshot) => WritingEngine.OwnerOf(snapshot) == WritingEngine.Spark;

    /// <summary>Finds out how far the stream of a table is.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="name">The table.</param>
    /// <param name="snapshot">Its newest version.</param>
    /// <param name="recorded">What is recorded of it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The position; null when no stream writes the table.</returns>
    public static async Task<StreamPosition?> FindAsync(Lake lake, TableName name, Snapshot snapshot, IReadOnlyList<BronzeInputs> recorded, CancellationToken cancellationToken)
    {
        // A later record whose commit is missing was never used.
        long committed = snapshot.TransactionVersion(name.ToString()) ?? -1;
        int start = recorded.Take((int)committed + 1).ToList().FindLastIndex(static inputs => inputs.Stream is not null);
        if (start < 0 || !IsStreamed(snapshot))
        {
            return null;
        }

        StreamCheckpoint checkpoint = new(lake, name, start);
        IReadOnlyList<StreamStart> starts = recorded[start].Stream!;
        StreamPosition begun = new(start, starts, checkpoint, starts.ToDictionary(static from => (from.Topic, from.Partition), static from => from.From), null);
        string? query;
        try
        {
            query = await checkpoint.FindQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LakeException exception)
        {
            return begun with { Fault = exception.Message };
        }

        return query is not null ? await begun.FollowAsync(snapshot, query, cancellationToken).ConfigureAwait(false)
            : QueriesOf(snapshot, name).Any(static transaction => transaction.Version < Fenced)
            ? begun with { Fault = $"{checkpoint.Place}: the checkpoint is gone though {name} has what its stream wrote: restore it from a copy, or run with {Remedy}" }
            : begun;
    }

    /// <summary>The version of a <c>txn</c> after which its query writes nothing more, whoever may still run it.</summary>
    public const long Fenced = long.MaxValue;

    /// <summary>The streaming queries that have written to a table.</summary>
    public static IEnumerable<Delta.Log.SetTransaction> QueriesOf(Snapshot snapshot, TableName name) => snapshot.Transactions.Where(transaction => transaction.AppId != name.ToString());

    /// <summary>Refuses a checkpoint that is not that of the table.</summary>
    /// <exception cref="LakeException">It is not.</exception>
    public StreamPosition Require() => Fault is null ? this : throw new LakeException(Fault);

    private async Task<StreamPosition> FollowAsync(Snapshot snapshot, string query, CancellationToken cancellationToken)
    {
        long batch = snapshot.TransactionVersion(query) ?? -1;
        try
        {
            long known = await Checkpoint.FindLastCommitAsync(cancellationToken).ConfigureAwait(false);
            if (known > batch)
            {
                return this with { Fault = FormattableString.Invariant($"{snapshot.Location} lacks micro-batch {known} that {Checkpoint.Place} has committed: the table was restored from an older copy, or the checkpoint is another table's; restore the newer one, or run with {Remedy}") };
            }

            IReadOnlyDictionary<(string Topic, int Partition), long>? offsets = batch < 0 ? Next : await Checkpoint.FindOffsetsAsync(batch, cancellationToken).ConfigureAwait(false);
            return offsets is null
                ? this with { Fault = FormattableString.Invariant($"{Checkpoint.Place} lacks the offsets of micro-batch {batch}, which is in {snapshot.Location}: restore the checkpoint from a copy, or run with {Remedy}") }
                : offsets.Keys.Select(static of => of.Topic).Except(Starts.Select(static start => start.Topic)).FirstOrDefault() is { } other
                ? this with { Fault = $"{Checkpoint.Place} is the checkpoint of topic {other}, and the stream's is {string.Join(", ", Starts.Select(static start => start.Topic).Distinct())}: restore the right one from a copy, or run with {Remedy}" }
                : this with { Next = offsets };
        }
        catch (LakeException exception)
        {
            return this with { Fault = exception.Message };
        }
    }

    private TopicRange RangeOf(string topic, int partition, long until)
    {
        StreamStart? start = Starts.FirstOrDefault(start => start.Topic == topic && start.Partition == partition);
        string id = start?.TopicId ?? Starts.First(start => start.Topic == topic).TopicId;

        // Partitions that are new since are taken whole.
        return new TopicRange(topic, id, partition, start?.From ?? 0, until);
    }
}
