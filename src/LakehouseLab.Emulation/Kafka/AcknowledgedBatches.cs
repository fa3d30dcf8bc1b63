using Confluent.Kafka;
using LakehouseLab.Emulation.Formats;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Batches whose messages are acknowledged by all replicas before the position is written: nothing is lost, and what
/// was written after the last position is written again by the next run.</summary>
internal sealed class AcknowledgedBatches : IMessageBatches
{
    private readonly KafkaConnection _connection;
    private readonly string _topic;
    private readonly EmulationPosition _position;
    private readonly RecordProducer _producer;
    private Batch _batch = new();

    public AcknowledgedBatches(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request)
    {
        _connection = connection;
        _topic = topic;
        _position = new EmulationPosition(connection, topic, emulation);
        _producer = new RecordProducer(connection, topic, emulation, request, static config =>
        {
            config.EnableDeliveryReports = true;
            config.DeliveryReportFields = "none";
        });
    }

    /// <inheritdoc/>
    public long? Begin() => _position.Read();

    /// <inheritdoc/>
    public async ValueTask AddAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        _batch.Add(records.Count);
        try
        {
            for (int index = 0; index < records.Count; index++)
            {
                await _producer.ProduceAsync(records, index, _batch.Delivered, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (KafkaException exception)
        {
            throw KafkaFailure.Describe($"write to topic {_topic}", _connection, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(long nextRow, CancellationToken cancellationToken)
    {
        Batch batch = _batch;
        _batch = new Batch();
        Error error = await batch.EndAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (error.IsError)
        {
            throw KafkaFailure.Describe($"write to topic {_topic}", _connection, error);
        }

        await Task.Run(() => _position.Write(nextRow), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        _position.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Messages whose acknowledgements are counted.</summary>
    private sealed class Batch
    {
        private readonly TaskCompletionSource<Error> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile Error _error = new(ErrorCode.NoError);

        // One for the batch itself, as long as it is open.
        private long _open = 1;

        public Batch() => Delivered = OnDelivered;

        /// <summary>Counts an acknowledgement; one delegate for all messages.</summary>
        public Action<DeliveryReport<byte[], byte[]>> Delivered { get; }

        /// <summary>Announces messages, before they are produced.</summary>
        public void Add(int messages) => Interlocked.Add(ref _open, messages);

        /// <summary>Waits for all acknowledgements.</summary>
        public Task<Error> EndAsync()
        {
            Count();
            return _done.Task;
        }

        private void OnDelivered(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
            {
                _error = report.Error;
            }

            Count();
        }

        private void Count()
        {
            if (Interlocked.Decrement(ref _open) == 0)
            {
                _done.TrySetResult(_error);
            }
        }
    }
}
