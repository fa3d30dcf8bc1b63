using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Server.Failures;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Lakes;

/// <summary>
/// A pipeline run or an audit in memory. Its record is replaced as a whole once the new one is durable, so that readers need no lock;
/// who replaces it holds <see cref="Gate"/>.
/// </summary>
internal sealed class LakeTask : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private volatile LakeTaskRecord _record;
    private volatile LakeTaskProgress? _progress;

    public LakeTask(LakeTaskRecord record)
    {
        _record = record;
        Publish(record);
    }

    /// <summary>What is durable of it.</summary>
    public LakeTaskRecord Record => _record;

    /// <summary>How far it is; null when it does not work.</summary>
    public LakeTaskProgress? Progress
    {
        get => _progress;
        set => _progress = value;
    }

    /// <summary>Tells of changes of its record.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>Held by whoever replaces the record.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Asks it to end as cancelled.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Takes over a record that is durable, and signals to its work when it is to be cancelled.</summary>
    public void Publish(LakeTaskRecord record)
    {
        _record = record;
        if (record.CancelAsked && !record.State.IsEnded())
        {
            _cancellation.Cancel();
        }

        Changes.Tell();
    }

    /// <summary>Its document as events, until it has ended.</summary>
    /// <param name="show">Makes the document.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="stopping">The service stops.</param>
    public JobEvents<T> Watch<T>(Func<LakeTaskRecord, LakeTaskProgress?, T> show, TimeProvider clock, CancellationToken stopping) => new(
        () =>
        {
            LakeTaskRecord record = Record;
            return (show(record, Progress), record.State.IsEnded());
        },
        Changes,
        clock,
        stopping);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        Gate.Dispose();
    }
}

/// <summary>What came of a task's work.</summary>
internal sealed record LakeTaskOutcome
{
    /// <summary>What a pipeline run did; null for an audit.</summary>
    public PipelineReport? RunReport { get; init; }

    /// <summary>What an audit found; null for a pipeline run.</summary>
    public AuditReport? Findings { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Failure { get; init; }
}

/// <summary>Does the work of one kind of tasks.</summary>
internal interface ILakeWork
{
    /// <summary>The kind.</summary>
    string Kind { get; }

    /// <summary>Does the work.</summary>
    /// <param name="task">What is asked for.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Stops it: for good, or to be done again later.</param>
    Task<LakeTaskOutcome> RunAsync(LakeTaskRecord task, Action<LakeTaskProgress> progress, CancellationToken stop);

    /// <summary>What came of work that ended with an exception.</summary>
    LakeTaskOutcome Fail(Exception exception) => new() { Failure = ServiceFailure.Explain(exception) };

    /// <summary>What came of work that has ended, in a few words for the log.</summary>
    string Describe(LakeTaskRecord ended);
}

/// <summary>Tells which emulations are still to come to their end.</summary>
internal interface IEmulationStates
{
    /// <summary>Whether an emulation has not ended yet.</summary>
    bool IsUnfinished(Guid emulation);
}
