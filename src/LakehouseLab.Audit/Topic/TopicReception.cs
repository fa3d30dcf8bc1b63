using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit.Topic;

/// <summary>
/// What Bronze received of a topic, and what the topic still holds of that, by offset. The topic's part and Bronze's each write to their own sums while
/// they read; both go by one state of the topic, so that what is deleted meanwhile differs in neither.
/// </summary>
/// <param name="topic">The topic.</param>
/// <param name="log">The cluster.</param>
/// <param name="ingested">Which batches ingested what.</param>
internal sealed class TopicReception(string topic, ITopicLog log, IngestedBatches ingested)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, IReadOnlyList<IngestedSpan>> _spans = [];
    private Task<TopicState?>? _state;

    /// <summary>What the topic holds.</summary>
    public OffsetSums Sent { get; } = new();

    /// <summary>What Bronze has.</summary>
    public OffsetSums Received { get; } = new();

    /// <summary>The topic.</summary>
    public string Topic => topic;

    /// <summary>The state of the topic that all go by.</summary>
    /// <exception cref="BrokerException">The cluster cannot say.</exception>
    public async Task<TopicState?> FindStateAsync(CancellationToken cancellationToken)
    {
        Task<TopicState?> state;
        lock (_lock)
        {
            state = _state ??= FindAsync(cancellationToken);
        }

        return await state.ConfigureAwait(false);
    }

    /// <summary>The name of a partition in <c>_source</c>.</summary>
    public string SourceOf(int partition) => FormattableString.Invariant($"{topic}-{partition}");

    /// <summary>Whether Bronze must have received what is at an offset, and the topic still holds it. Only once the state is known.</summary>
    public bool Has(int partition, long offset)
    {
        if (_spans.TryGetValue(partition, out IReadOnlyList<IngestedSpan>? spans))
        {
            foreach (IngestedSpan span in spans)
            {
                if (span.Has(offset))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Adds a message of the topic.</summary>
    public void AddSent(in TopicMessage message)
    {
        if (Has(message.Partition, message.Offset))
        {
            Sent.Add(message.Partition, message.Offset, MessageContent.Of(message).HashAt(message.Offset));
        }
    }

    /// <summary>Adds a row of Bronze.</summary>
    public void AddReceived(int partition, long offset, in MessageContent content)
    {
        if (Has(partition, offset))
        {
            Received.Add(partition, offset, content.HashAt(offset));
        }
    }

    /// <summary>The blocks of offsets that Bronze has otherwise than the topic, once both are read.</summary>
    public IReadOnlyList<(int Partition, long Block)> Differing() => Sent.Differing(Received);

    /// <summary>Reads the messages of some blocks.</summary>
    public IEnumerable<TopicMessage> Read(IReadOnlySet<(int Partition, long Block)> blocks, CancellationToken cancellationToken)
    {
        List<OffsetSpan> spans = [];
        foreach (PartitionState partition in (_state?.Result?.Partitions ?? []).Where(partition => blocks.Any(block => block.Partition == partition.Partition)))
        {
            long[] own = [.. blocks.Where(block => block.Partition == partition.Partition).Select(block => block.Block)];
            spans.Add(new OffsetSpan(partition.Partition, Math.Max(partition.Start, own.Min() * OffsetSums.BlockOffsets), Math.Min(partition.End, (own.Max() + 1) * OffsetSums.BlockOffsets)));
        }

        using ITopicReader reader = log.Open(topic, [.. spans.Where(span => span.Length > 0)]);
        while (reader.TryRead(out TopicMessage message, cancellationToken))
        {
            if (Has(message.Partition, message.Offset) && blocks.Contains(OffsetSums.BlockOf(message.Partition, message.Offset)))
            {
                yield return message;
            }
        }
    }

    private async Task<TopicState?> FindAsync(CancellationToken cancellationToken)
    {
        TopicState? state = await log.FindAsync(topic, cancellationToken).ConfigureAwait(false);
        foreach (PartitionState partition in state?.Partitions ?? [])
        {
            _spans[partition.Partition] = Join(ingested.Of(SourceOf(partition.Partition))
                .Where(span => span.TopicId == state!.Id && span.Batch <= ingested.Committed)
                .Select(span => span with { From = Math.Max(span.From, partition.Start), Until = Math.Min(span.Until, partition.End) }));
        }

        return state;
    }

    // Batches follow each other, so few are left.
    private static List<IngestedSpan> Join(IEnumerable<IngestedSpan> spans)
    {
        List<IngestedSpan> joined = [];
        foreach (IngestedSpan span in spans.Where(span => span.From < span.Until).OrderBy(span => span.From))
        {
            if (joined.Count > 0 && span.From <= joined[^1].Until)
            {
                joined[^1] = joined[^1] with { Until = Math.Max(joined[^1].Until, span.Until) };
            }
            else
            {
                joined.Add(span);
            }
        }

        return joined;
    }
}
