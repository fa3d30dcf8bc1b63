namespace LakehouseLab.Server.Jobs;

/// <summary>Tells whoever waits that a job's state has changed. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Ends with the next change. Who takes it before looking at the state misses none.</summary>
    public Task Next => _next.Task;

    /// <summary>Tells of a change.</summary>
    public void Tell() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
