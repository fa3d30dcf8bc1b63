namespace LakehouseLab.Emulation.Kafka;

/// <summary>The time during which a cluster is away, whichever call meets it first: all calls share one patience. Thread-safe.</summary>
/// <param name="patience">How long it may be; null for as long as nobody cancels.</param>
/// <param name="clock">The clock.</param>
/// <param name="tell">Is told the reason when it begins.</param>
internal sealed class ClusterOutage(TimeSpan? patience, TimeProvider clock, Action<string> tell)
{
    // An attempt takes far longer than this when nobody answers.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile bool _isOn;
    private long _since;

    /// <summary>Whether a failure is one that waiting may mend, and there is patience left.</summary>
    public bool MayWait(BrokerException failure)
    {
        if (!failure.IsUnavailable)
        {
            return false;
        }

        lock (_lock)
        {
            if (!_isOn)
            {
                _isOn = true;
                _since = clock.GetTimestamp();
                tell(failure.Message);
            }

            return patience is null || clock.GetElapsedTime(_since) < patience;
        }
    }

    /// <summary>Waits before the next attempt.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(s_pause, clock, cancellationToken);

    /// <summary>Ends it: the cluster has answered.</summary>
    public void End()
    {
        if (_isOn)
        {
            lock (_lock)
            {
                _isOn = false;
            }
        }
    }
}
