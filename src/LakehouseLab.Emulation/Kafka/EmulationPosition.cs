using Confluent.Kafka;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>How far an emulation is in a topic: its next row, kept as the committed offset of a group that is named after it,
/// at partition 0 of the topic.</summary>
public sealed class EmulationPosition : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly KafkaConnection _connection;
    private readonly TopicPartition _partition;
    private readonly IConsumer<Ignore, Ignore> _consumer;

    /// <summary>Opens the position of an emulation.</summary>
    public EmulationPosition(KafkaConnection connection, string topic, Guid emulation)
    {
        _connection = connection;
        _partition = new TopicPartition(topic, 0);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(connection.CreateConfig())
        {
            GroupId = GroupOf(emulation),
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>The group's name.</summary>
    public static string GroupOf(Guid emulation) => $"lakelab-{emulation}";

    /// <summary>Reads the next row; what a transaction is about to commit is waited for.</summary>
    /// <returns>The next row, or null when there is no position.</returns>
    /// <exception cref="BrokerException">The cluster cannot be reached.</exception>
    public long? Read()
    {
        try
        {
            Offset offset = _consumer.Committed([_partition], s_timeout)[0].Offset;
            return offset.IsSpecial ? null : offset.Value;
        }
        catch (KafkaException exception)
        {
            throw KafkaFailure.Describe($"read the position of group {_consumer.MemberId}", _connection, exception);
        }
    }

    /// <summary>Writes the next row, outside of any transaction.</summary>
    /// <exception cref="BrokerException">The cluster cannot be reached.</exception>
    internal void Write(long nextRow)
    {
        try
        {
            _consumer.Commit([new TopicPartitionOffset(_partition, nextRow)]);
        }
        catch (KafkaException exception)
        {
            throw KafkaFailure.Describe("write the emulation's position", _connection, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _consumer.Dispose();
}
