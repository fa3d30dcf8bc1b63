using System.Text;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Tests.Emulation.Kafka;

/// <summary>Topics in memory, whose partitions may have gaps and lose their beginnings, as those of a cluster do.</summary>
internal sealed class MemoryTopicLog : ITopicLog
{
    private readonly Dictionary<string, Topic> _topics = [];
    private int _made;

    /// <summary>Messages that all readers together may still read before the cluster fails.</summary>
    public long MessagesUntilFailure { get; set; } = long.MaxValue;

    /// <summary>Makes a topic; in place of the one before, which is lost.</summary>
    public void Create(string topic, int partitions) => _topics[topic] = new Topic($"id-{_made++}", [.. Enumerable.Range(0, partitions).Select(_ => new Partition())]);

    public void Delete(string topic) => _topics.Remove(topic);

    public void AddPartition(string topic) => _topics[topic].Partitions.Add(new Partition());

    public void Append(string topic, int partition, byte[]? value, byte[]? key = null, RecordHeader? header = null, long? timestamp = null)
    {
        Partition log = _topics[topic].Partitions[partition];
        log.Messages.Add(new TopicMessage(partition, log.End++, timestamp, key, value, header));
    }

    public void Append(string topic, int partition, string value) => Append(topic, partition, Encoding.UTF8.GetBytes(value));

    /// <summary>Puts another value in a message's place.</summary>
    public void Change(string topic, int partition, long offset, byte[] value) => Change(topic, partition, offset, message => message with { Value = value });

    /// <summary>Puts another header in a message's place.</summary>
    public void ChangeHeader(string topic, int partition, long offset, RecordHeader header) => Change(topic, partition, offset, message => message with { Header = header });

    /// <summary>Changes a message where it is.</summary>
    /// <returns>It as it was.</returns>
    public TopicMessage Change(string topic, int partition, long offset, Func<TopicMessage, TopicMessage> change)
    {
        List<TopicMessage> messages = _topics[topic].Partitions[partition].Messages;
        int index = messages.FindIndex(message => message.Offset == offset);
        TopicMessage before = messages[index];
        messages[index] = change(before) with { Partition = partition, Offset = offset };
        return before;
    }

    /// <summary>Takes offsets that hold no record, as marks of transactions do.</summary>
    public void Skip(string topic, int partition, int offsets) => _topics[topic].Partitions[partition].End += offsets;

    /// <summary>Deletes what is before an offset, as retention does.</summary>
    public void DeleteBefore(string topic, int partition, long offset)
    {
        Partition log = _topics[topic].Partitions[partition];
        log.Start = offset;
        log.Messages.RemoveAll(message => message.Offset < offset);
    }

    /// <summary>Whether the cluster does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>What happens before somebody is told the state of a topic; null for nothing.</summary>
    public Action? OnFind { get; set; }

    public Task<TopicState?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        OnFind?.Invoke();
        return IsAway ? throw new BrokerException("no broker answers", isUnavailable: true) : Task.FromResult(
            _topics.TryGetValue(topic, out Topic? found)
                ? new TopicState(topic, found.Id, [.. found.Partitions.Select((log, number) => new PartitionState(number, log.Start, log.End))])
                : null);
    }

    /// <summary>How far emulations are.</summary>
    public Dictionary<Guid, long> Positions { get; } = [];

    public Task<long?> FindPositionAsync(string topic, Guid emulation, CancellationToken cancellationToken) =>
        Task.FromResult(Positions.TryGetValue(emulation, out long row) ? row : (long?)null);

    /// <summary>What happens while somebody waits for something new.</summary>
    public Action OnWait { get; set; } = static () => { };

    public Task WaitAsync(IReadOnlyCollection<TopicState> topics, TimeSpan patience, CancellationToken cancellationToken)
    {
        OnWait();
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    public ITopicReader Open(string topic, IReadOnlyList<OffsetSpan> spans)
    {
        Assert.All(spans, span => Assert.InRange(span.From, _topics[topic].Partitions[span.Partition].Start, span.Until - 1));
        return new Reader(this, spans.SelectMany(span => _topics[topic].Partitions[span.Partition].Messages.Where(message => message.Offset >= span.From && message.Offset < span.Until)));
    }

    private sealed record Topic(string Id, List<Partition> Partitions);

    private sealed class Partition
    {
        public List<TopicMessage> Messages { get; } = [];

        public long Start { get; set; }

        public long End { get; set; }
    }

    private sealed class Reader(MemoryTopicLog log, IEnumerable<TopicMessage> messages) : ITopicReader
    {
        private readonly Queue<TopicMessage> _messages = new(messages);

        public bool TryRead(out TopicMessage message, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return log.MessagesUntilFailure-- > 0
                ? _messages.TryDequeue(out message)
                : throw new BrokerException("no broker answers", isUnavailable: true);
        }

        public void Dispose() => _messages.Clear();
    }
}
