using Confluent.Kafka;
using LakehouseLab.Emulation.Formats;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Batches that are Kafka transactions: readers of committed messages see a batch whole, once, or not at all.</summary>
internal sealed class TransactionalBatches : IMessageBatches
{
    // Also how long a killed producer's open transaction keeps readers of committed messages waiting.
    private static readonly TimeSpan s_transactionTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    // Calls of a commit are made in short turns, so that who gives up is heard; one that timed out may be repeated, and is then the same call.
    // A cluster that is away for longer makes the emulation wait, and the next run finds out what was committed.
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2);
    private const int TurnsOfOffsets = 5;
    private const int TurnsOfCommit = 15;

    private readonly KafkaConnection _connection;
    private readonly string _topic;
    private readonly EmulationPosition _position;
    private readonly RecordProducer _producer;
    private readonly MessageWriter _writer;
    private bool _isOpen;

    public TransactionalBatches(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request)
    {
        _connection = connection;
        _topic = topic;
        _position = new EmulationPosition(connection, topic, emulation);
        _producer = new RecordProducer(connection, topic, emulation, request, config =>
        {
            config.TransactionalId = EmulationPosition.GroupOf(emulation);
            config.TransactionTimeoutMs = (int)s_transactionTimeout.TotalMilliseconds;

            // A message that fails fails its transaction: nobody waits for it alone.
            config.EnableDeliveryReports = false;
        });
        _writer = new MessageWriter(_producer.Client, topic, emulation, request.Headers);
    }

    /// <inheritdoc/>
    public long? Begin() => Guard("take over the emulation's transactions", () =>
    {
        _producer.Client.InitTransactions(s_timeout);
        return _position.Read();
    });

    /// <inheritdoc/>
    public ValueTask AddAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        try
        {
            if (!_isOpen)
            {
                _producer.Client.BeginTransaction();
                _isOpen = true;
            }

            // The queue has room: it holds more than a batch, and is empty after each.
            _writer.Write(records);
            return ValueTask.CompletedTask;
        }
        catch (KafkaException exception)
        {
            throw Describe($"write to topic {_topic}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(long nextRow, CancellationToken cancellationToken) =>
        await Task.Run(
            () => Guard($"write to topic {_topic}", () =>
            {
                InTurns(() => _producer.Client.SendOffsetsToTransaction([_position.At(nextRow)], _position.Group, s_turn), TurnsOfOffsets, cancellationToken);
                InTurns(() => _producer.Client.CommitTransaction(s_turn), TurnsOfCommit, cancellationToken);
                _isOpen = false;
                return true;
            }),
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            await Task.Run(Abort).ConfigureAwait(false);
        }

        _writer.Dispose();
        _producer.Dispose();
        _position.Dispose();
    }

    private static void InTurns(Action call, int turns, CancellationToken cancellationToken)
    {
        for (int turn = 1; ; turn++)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException) when (turn < turns && !cancellationToken.IsCancellationRequested)
            {
                // The broker's answer was late.
            }
        }
    }

    private void Abort()
    {
        try
        {
            _producer.Client.AbortTransaction(TimeSpan.FromSeconds(5));
        }
        catch (KafkaException)
        {
            // The broker aborts it itself when its time is over, or when the emulation goes on.
        }
    }

    private T Guard<T>(string what, Func<T> call)
    {
        try
        {
            return call();
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
