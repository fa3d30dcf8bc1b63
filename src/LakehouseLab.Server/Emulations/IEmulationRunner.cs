namespace LakehouseLab.Server.Emulations;

/// <summary>Does the work of emulations. Tests put one in its place that does what they tell it.</summary>
internal interface IEmulationRunner
{
    /// <summary>Runs an emulation to its end, from its beginning or from where its data ends.</summary>
    /// <param name="emulation">The emulation.</param>
    /// <param name="signals">What may end it before.</param>
    /// <param name="progress">Is told how far it is, in all.</param>
    /// <exception cref="OperationCanceledException">It was stopped, to go on later.</exception>
    /// <exception cref="World.Requests.InvalidRequestException">It cannot be done as it was asked for.</exception>
    Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress);

    /// <summary>Whether a failure may pass by itself, so that it is worth trying again.</summary>
    bool IsTransient(Exception exception);
}

/// <summary>What may end an emulation before it has all its rows.</summary>
/// <param name="Deadline">When it is complete at the latest; null for never.</param>
/// <param name="Completion">It is complete with what was delivered.</param>
/// <param name="Cancellation">It is cancelled: what was delivered stays, marked so.</param>
/// <param name="Stop">The service stops: the emulation continues later.</param>
internal sealed record EmulationSignals(DateTimeOffset? Deadline, CancellationToken Completion, CancellationToken Cancellation, CancellationToken Stop)
{
    /// <summary>Is told in one sentence when the sink has not answered for some seconds, and null once it has.</summary>
    public IProgress<string?>? Unanswered { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Counts">What is delivered, in all.</param>
internal readonly record struct EmulationAdvance(DeliveredCounts Counts)
{
    /// <summary>Whether these are final counts, without an event time.</summary>
    public bool IsFinal { get; init; }
}
