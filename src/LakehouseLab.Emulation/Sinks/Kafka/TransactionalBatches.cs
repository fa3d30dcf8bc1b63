using Confluent.Kafka;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Requests;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Batches that are Kafka transactions: readers of committed messages see a batch whole, once, or not at all.</summary>
internal sealed class TransactionalBatches : MessageBatches
{
    // Also how long a killed producer's open transaction keeps readers of committed messages waiting.
    private static readonly TimeSpan s_transactionTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_abortTimeout = TimeSpan.FromSeconds(5);

    // Calls of a commit are made in short turns, so that who gives up is heard; one that timed out may be repeated, and is then the same call.
    // A cluster that is away for longer makes the emulation wait, and the next run finds out what was committed.
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2);
    private const int TurnsOfStart = 6;
    private const int TurnsOfOffsets = 5;
    private const int TurnsOfCommit = 15;

    private readonly string _group;
    private bool _isOpen;

    public TransactionalBatches(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request)
        : base(connection, topic, emulation, request, config =>
        {
            config.TransactionalId = EmulationPosition.GroupOf(emulation);
            config.TransactionTimeoutMs = (int)s_transactionTimeout.TotalMilliseconds;
        }) => _group = EmulationPosition.GroupOf(emulation);

    /// <inheritdoc/>
    public override long? Begin()
    {
        Guard("take over the emulation's transactions", TakeOver);
        return Position.Read();
    }

    // A broker that has just started says for a while that it still loads its transactions.
    private void TakeOver()
    {
        for (int turn = 1; ; turn++)
        {
            try
            {
                Producer.InitTransactions(s_timeout);
                return;
            }
            catch (KafkaRetriableException exception) when (turn < TurnsOfStart && exception.Error.Code == ErrorCode.GroupLoadInProgress)
            {
                // It answers, so it is there.
            }
        }
    }

    /// <inheritdoc/>
    protected override void Open()
    {
        if (!_isOpen)
        {
            Producer.BeginTransaction();
            _isOpen = true;
        }
    }

    /// <inheritdoc/>
    protected override void Commit(long nextRow, CancellationToken cancellationToken)
    {
        InTurns(() => Producer.SendOffset(_group, Topic, nextRow, s_turn), TurnsOfOffsets, cancellationToken);
        InTurns(() => Producer.CommitTransaction(s_turn), TurnsOfCommit, cancellationToken);
        _isOpen = false;
    }

    /// <inheritdoc/>
    protected override void Abandon()
    {
        if (!_isOpen)
        {
            return;
        }

        try
        {
            Producer.AbortTransaction(s_abortTimeout);
        }
        catch (KafkaException)
        {
            // The broker aborts it itself when its time is over, or when the emulation goes on.
        }
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
}
