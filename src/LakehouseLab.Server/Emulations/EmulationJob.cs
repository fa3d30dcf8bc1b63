using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Emulations;

/// <summary>
/// An emulation in memory. Its record is replaced as a whole once the new one is durable, so that readers need no lock;
/// who replaces it holds <see cref="Gate"/>.
/// </summary>
internal sealed class EmulationJob : IDisposable
{
    private volatile CancellationTokenSource _completion = new();
    private volatile CancellationTokenSource _cancellation = new();
    private int _isQueued;
    private volatile EmulationRecord _record;
    private volatile DeliveredCounts _counts;

    public EmulationJob(EmulationRecord record, TimeProvider clock)
    {
        _record = record;
        _counts = record.Counts;
        Speed = new SpeedMeter(clock);
        _isQueued = record.State.IsEnded() ? 0 : 1;
        Signal(record);
    }

    /// <summary>What is durable of it.</summary>
    public EmulationRecord Record => _record;

    /// <summary>How far it is now.</summary>
    public DeliveredCounts Counts => _counts;

    /// <summary>How fast it is.</summary>
    public SpeedMeter Speed { get; }

    /// <summary>Tells of changes of its state.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>Held by whoever replaces the record.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Asks it to end as if it had come to its end.</summary>
    public CancellationToken Completion => _completion.Token;

    /// <summary>Asks it to end as cancelled.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Takes over a record with which it goes on after its end, and takes a place in the queue again. What it was asked before its end is over.</summary>
    public void Resume(EmulationRecord record)
    {
        _completion = new CancellationTokenSource();
        _cancellation = new CancellationTokenSource();
        _isQueued = 1;
        _record = record;
        Changes.Tell();
    }

    /// <summary>Gives up its place in the queue.</summary>
    /// <returns>Whether it still had one.</returns>
    public bool TryLeaveQueue() => Interlocked.Exchange(ref _isQueued, 0) == 1;

    /// <summary>Takes over how far it is.</summary>
    public void Advance(EmulationAdvance advance)
    {
        DeliveredCounts before = _counts;
        DeliveredCounts now = advance.Counts;
        _counts = advance.IsFinal
            ? now with { EventTime = before.EventTime, BehindSeconds = before.BehindSeconds }
            : now with { EventTime = now.EventTime ?? before.EventTime };
        Speed.Add(now.Rows);
    }

    /// <summary>Takes over a record that is durable, and signals to a run how it is asked to end.</summary>
    public void Publish(EmulationRecord record)
    {
        EmulationRecord before = _record;
        _record = record;
        Signal(record);
        if ((before.State, before.Reason) != (record.State, record.Reason))
        {
            Changes.Tell();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _completion.Dispose();
        _cancellation.Dispose();
        Gate.Dispose();
    }

    private void Signal(EmulationRecord record)
    {
        if (record.State.IsEnded())
        {
            return;
        }

        if (record.Wish == EarlyEnd.Cancel)
        {
            _cancellation.Cancel();
        }
        else if (record.Wish == EarlyEnd.Complete)
        {
            _completion.Cancel();
        }
    }
}
