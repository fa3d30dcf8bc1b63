using System.Diagnostics;

namespace LakehouseLab.Emulation.Progress;

/// <summary>What a running emulation is told, and whom it tells.</summary>
public sealed record EmulationControl
{
    /// <summary>The clock that paces and ends it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable, by which systems are reached; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Is told how far it is; null when nobody wants to know.</summary>
    public IProgress<EmulationProgress>? Progress { get; init; }

    /// <summary>Is told in one sentence when the system that is delivered to has not answered for some seconds, and null once it has; null when
    /// nobody wants to know.</summary>
    public IProgress<string?>? Unanswered { get; init; }

    /// <summary>The trace of the request that it was asked for with, which its own is linked to; null when there is none.</summary>
    public ActivityContext? Origin { get; init; }

    /// <summary>Ends it for good at a chunk's edge: what was delivered is then all that it has.</summary>
    public CancellationToken Completion { get; init; }

    /// <summary>Ends it likewise, marked as cancelled.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether somebody ends it for good.</summary>
    internal bool IsEnded => Completion.IsCancellationRequested || Cancellation.IsCancellationRequested;
}
