using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Batches of messages, each ended by the emulation's position; guarantees differ in how a batch ends. Not thread-safe.</summary>
internal abstract class MessageBatches : IAsyncDisposable
{
    private readonly MessageWriter _writer;
    private readonly KafkaConnection _connection;

    private protected MessageBatches(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request, Action<ProducerConfig> configure)
    {
        _connection = connection;
        Topic = topic;
        Position = new EmulationPosition(connection, topic, emulation);
        try
        {
            Producer = new ProducerClient(connection, request.Topic.Compression, configure);
            _writer = new MessageWriter(Producer, topic, emulation, request.Headers);
        }
        catch (KafkaException exception)
        {
            Producer?.Dispose();
            Position.Dispose();
            throw Describe($"write to topic {topic}", exception);
        }
    }

    /// <summary>The topic.</summary>
    protected string Topic { get; }

    /// <summary>The emulation's position in it.</summary>
    protected EmulationPosition Position { get; }

    /// <summary>What sends the messages.</summary>
    protected ProducerClient Producer { get; }

    /// <summary>Takes the topic over from a producer of the same emulation that may still be there, and reads the position. Blocks.</summary>
    /// <returns>The next row, or null when there is no position.</returns>
    public abstract long? Begin();

    /// <summary>Adds records to the open batch.</summary>
    public void Add(BlockSlice records)
    {
        // The queue has room: it holds more than a batch, and is empty after each.
        Guard($"write to topic {Topic}", () =>
        {
            Open();
            _writer.Write(records);
        });
    }

    /// <summary>Ends the batch: all of its messages are in the topic, and the position is the row after them.</summary>
    public async ValueTask CommitAsync(long nextRow, CancellationToken cancellationToken) =>
        await Task.Run(() => Guard($"write to topic {Topic}", () => Commit(nextRow, cancellationToken)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(Abandon).ConfigureAwait(false);
        _writer.Dispose();
        Producer.Dispose();
        Position.Dispose();
    }

    /// <summary>Begins a batch, unless one is open.</summary>
    protected abstract void Open();

    /// <summary>Ends the batch. Blocks.</summary>
    protected abstract void Commit(long nextRow, CancellationToken cancellationToken);

    /// <summary>Lets go of a batch that was not ended. Blocks.</summary>
    protected abstract void Abandon();

    /// <summary>Makes a call and says what could not be done.</summary>
    protected void Guard(string what, Action call)
    {
        try
        {
            call();
        }
        catch (KafkaException exception)
        {
            throw Describe(what, exception);
        }
    }

    private BrokerException Describe(string what, KafkaException exception) => exception.Error.Code is ErrorCode.Local_Fenced or ErrorCode.InvalidProducerEpoch
        ? new BrokerException($"cannot {what} at Kafka {_connection.BootstrapServers}: another run of the same emulation has taken over: let that one go on", innerException: exception)
        : exception is KafkaTxnRequiresAbortException && !KafkaFailure.IsUnavailable(exception.Error.Code)
        ? new BrokerException($"cannot {what} at Kafka {_connection.BootstrapServers}: the transaction failed ({exception.Error.Reason.ReplaceLineEndings(" ").TrimEnd('.')}): run the same command again, which goes on where the data ends", isUnavailable: true, exception)
        : KafkaFailure.Describe(what, _connection, exception);
}
