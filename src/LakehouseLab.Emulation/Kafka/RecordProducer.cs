using System.Buffers.Text;
using Confluent.Kafka;
using LakehouseLab.Emulation.Formats;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Hands records to the client library as messages, and waits when its queue is full. Not thread-safe.</summary>
internal sealed class RecordProducer : IDisposable
{
    private static readonly TimeSpan s_queueWait = TimeSpan.FromMilliseconds(5);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Guid _emulation;
    private readonly string _topic;
    private readonly bool _headers;
    private volatile Error? _fatal;

    /// <summary>Makes a producer.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="emulation">The emulation.</param>
    /// <param name="request">How messages are made.</param>
    /// <param name="configure">Sets what the guarantee asks for.</param>
    public RecordProducer(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request, Action<ProducerConfig> configure)
    {
        ProducerConfig config = new(connection.CreateConfig())
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            CompressionType = Enum.Parse<CompressionType>(request.Topic.Compression, ignoreCase: true),

            // Large requests: a record has some 220 bytes, and the broker works per batch.
            BatchSize = 1 << 20,
            LingerMs = 20,
            QueueBufferingMaxMessages = 100_000,
            QueueBufferingMaxKbytes = 64 << 10,
        };
        configure(config);
        _producer = new ProducerBuilder<byte[], byte[]>(config).SetErrorHandler(OnError).Build();
        _topic = topic;
        _emulation = emulation;
        _headers = request.Headers;
    }

    /// <summary>The client, for its transactions.</summary>
    public IProducer<byte[], byte[]> Client => _producer;

    /// <summary>Hands over one record.</summary>
    /// <param name="records">The slice that it is in.</param>
    /// <param name="index">Which one.</param>
    /// <param name="delivered">Is told when the brokers have it; null when nobody waits for it alone.</param>
    /// <param name="cancellationToken">Ends the wait for room in the queue.</param>
    /// <exception cref="KafkaException">The library refuses it.</exception>
    public ValueTask ProduceAsync(BlockSlice records, int index, Action<DeliveryReport<byte[], byte[]>>? delivered, CancellationToken cancellationToken)
    {
        if (_fatal is { } error)
        {
            throw new KafkaException(error);
        }

        Message<byte[], byte[]> message = new()
        {
            Key = KeyOf(records.UserId(index)),
            Value = records.Record(index).ToArray(),
        };
        if (_headers)
        {
            byte[] header = new byte[RecordHeader.Size];
            new RecordHeader(_emulation, records.FirstRow + index).Write(header);
            message.Headers = [new Header(RecordHeader.Name, header)];
        }

        return TryProduce(message, delivered) ? ValueTask.CompletedTask : WaitAndProduceAsync(message, delivered, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();

    private static byte[] KeyOf(long user)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(user, text, out int length);
        return text[..length].ToArray();
    }

    private bool TryProduce(Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? delivered)
    {
        try
        {
            _producer.Produce(_topic, message, delivered);
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    // The brokers are slower than the world: it waits for them.
    private async ValueTask WaitAndProduceAsync(Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? delivered, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(s_queueWait, cancellationToken).ConfigureAwait(false);
            if (_fatal is { } error)
            {
                throw new KafkaException(error);
            }
        }
        while (!TryProduce(message, delivered));
    }

    // Other errors are mended by the library, or told by the message or the transaction that they concern.
    private void OnError(IProducer<byte[], byte[]> producer, Error error)
    {
        if (error.IsFatal)
        {
            _fatal = error;
        }
    }
}
