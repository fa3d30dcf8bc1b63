using Confluent.Kafka;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Reads spans of a Kafka topic. It is in no consumer group: who reads keeps the offsets.</summary>
internal sealed class KafkaTopicReader : ITopicReader
{
    /// <summary>The group that the client library asks for; nobody is ever a member of it.</summary>
    public const string Group = "lakelab-reader";

    // So long may a cluster take to find a new leader.
    private const int MaxSilences = 120;
    private const int PollMilliseconds = 250;

    // All that is to be read is there. Only behind it does the broker hold an answer back, which is what tells that a span whose last
    // offsets are marks of transactions is read: by default for half a second, longer than a micro-batch takes to be read.
    private const int FetchWaitMilliseconds = 10;

    // Fetches are large and many messages wait, so that the broker's answers overlap with the work on them: 525,000 messages/s
    // of 240 bytes with headers for one reader, 860,000 for two, on two cores beside the broker.
    private const int MaxQueued = 500_000;
    private const int MaxFetchBytes = 8 << 20;

    // A broker gives a message that is larger all the same, alone.
    private const int FetchBytesOfOffset = 4 << 10;

    private readonly KafkaConnection _connection;
    private readonly string _topic;
    private readonly Dictionary<int, long> _ends;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private Error? _lastError;

    public KafkaTopicReader(KafkaConnection connection, string topic, IReadOnlyList<OffsetSpan> spans)
    {
        _connection = connection;
        _topic = topic;
        _ends = spans.ToDictionary(span => span.Partition, span => span.Until);
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(ConfigOf(connection, spans.Max(static span => span.Length))).SetErrorHandler((_, error) => _lastError = error).Build();
        _consumer.Assign(spans.Select(span => new TopicPartitionOffset(topic, span.Partition, span.From)));
    }

    /// <inheritdoc/>
    public bool TryRead(out TopicMessage message, CancellationToken cancellationToken)
    {
        int silences = 0;
        while (_ends.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ConsumeResult<byte[]?, byte[]?>? result = Consume();
            if (result is null)
            {
                silences++;
                RefuseSilence(silences);
                continue;
            }

            int partition = result.Partition.Value;
            if (!_ends.TryGetValue(partition, out long end))
            {
                continue;
            }

            // Offsets at the end of a span may hold no record: aborted ones, or marks of transactions.
            long offset = result.Offset.Value;
            if (offset >= end - 1)
            {
                End(partition);
            }

            if (!result.IsPartitionEOF && offset < end)
            {
                message = MessageOf(partition, offset, result.Message);
                return true;
            }
        }

        message = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _consumer.Dispose();

    // The client fetches ahead of what is read. Where little of a long topic is read it must not: a look at four messages would hold a hundred megabytes.
    private static ConsumerConfig ConfigOf(KafkaConnection connection, long offsets) => new(connection.CreateConfig())
    {
        GroupId = Group,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Error,
        IsolationLevel = IsolationLevel.ReadCommitted,
        FetchWaitMaxMs = FetchWaitMilliseconds,
        FetchMaxBytes = 64 << 20,
        MaxPartitionFetchBytes = (int)Math.Min(MaxFetchBytes, Math.Min(offsets, MaxQueued) * FetchBytesOfOffset),
        QueuedMinMessages = (int)Math.Min(offsets, MaxQueued),
        QueuedMaxMessagesKbytes = 96 << 10,
        ConsumeResultFields = "headers,timestamp",
    };

    private static TopicMessage MessageOf(int partition, long offset, Message<byte[]?, byte[]?> message)
    {
        RecordHeader? header = message.Headers is { Count: > 0 } headers && headers.TryGetLastBytes(RecordHeader.Name, out byte[]? value) && RecordHeader.TryRead(value, out RecordHeader read)
            ? read
            : null;
        long? timestamp = message.Timestamp.Type == TimestampType.NotAvailable ? null : message.Timestamp.UnixTimestampMs;
        return new TopicMessage(partition, offset, timestamp, message.Key, message.Value, header);
    }

    private ConsumeResult<byte[]?, byte[]?>? Consume()
    {
        try
        {
            return _consumer.Consume(PollMilliseconds);
        }
        catch (ConsumeException exception) when (exception.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            throw new BrokerException(
                $"records of topic {_topic} were deleted at Kafka {_connection.BootstrapServers} while they were read: run the same command again, which tells which", innerException: exception);
        }
        catch (KafkaException exception) when (KafkaFailure.IsUnavailable(exception.Error.Code))
        {
            // The client goes on trying; whether in vain is told by its silence.
            _lastError = exception.Error;
            return null;
        }
        catch (KafkaException exception)
        {
            throw KafkaFailure.Describe($"read topic {_topic}", _connection, exception);
        }
    }

    private void RefuseSilence(int silences)
    {
        if (silences >= MaxSilences || _lastError is { } error && !KafkaFailure.IsUnavailable(error.Code))
        {
            throw KafkaFailure.Describe($"read topic {_topic}", _connection, _lastError ?? new Error(ErrorCode.Local_TimedOut));
        }
    }

    private void End(int partition)
    {
        _ends.Remove(partition);
        if (_ends.Count > 0)
        {
            _consumer.IncrementalUnassign([new TopicPartition(_topic, partition)]);
        }
    }
}
