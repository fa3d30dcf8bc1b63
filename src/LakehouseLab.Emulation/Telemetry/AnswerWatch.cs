namespace LakehouseLab.Emulation.Telemetry;

/// <summary>Tells when a system has not answered a call for some seconds, and when it has. For one call at a time; its timer may run beside it.</summary>
internal sealed class AnswerWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _system;
    private readonly IProgress<string?> _told;
    private readonly ITimer _timer;
    private bool _isPending;
    private bool _isTold;

    /// <summary>Makes a watch.</summary>
    /// <param name="system">The system, for people.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="told">Is told that the system does not answer, in one sentence, and null once it has answered.</param>
    public AnswerWatch(string system, TimeProvider clock, IProgress<string?> told)
    {
        _system = system;
        _told = told;
        _timer = clock.CreateTimer(static watch => ((AnswerWatch)watch!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a call may take before that is told.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(4);

    /// <summary>A call begins.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _isPending = true;
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The call has been answered.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isPending = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_isTold)
            {
                _isTold = false;
                _told.Report(null);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        lock (_lock)
        {
            if (_isPending && !_isTold)
            {
                _isTold = true;
                _told.Report($"{_system} has not acknowledged for {Patience.TotalSeconds} s what was handed over: it is away, or slow");
            }
        }
    }
}
