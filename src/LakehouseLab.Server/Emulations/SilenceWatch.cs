using System.Threading.Channels;

namespace LakehouseLab.Server.Emulations;

/// <summary>Shows an emulation as waiting while its sink does not answer, and holds its deadline meanwhile. Shown in the order in which it was told.</summary>
internal sealed class SilenceWatch : IProgress<string?>, IAsyncDisposable
{
    private readonly Channel<string?> _told = Channel.CreateUnbounded<string?>(new UnboundedChannelOptions { SingleReader = true });
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    private readonly CancellationTokenSource _overdue = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset? _deadline;
    private readonly TimeProvider _clock;
    private readonly Task _work;
    private ITimer? _timer;

    /// <summary>Makes a watch.</summary>
    /// <param name="deadline">When the emulation ends at the latest; null for never.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="show">Shows that the sink does not answer, or null that it does.</param>
    public SilenceWatch(DateTimeOffset? deadline, TimeProvider clock, Func<string?, Task> show)
    {
        _deadline = deadline;
        _clock = clock;
        _work = ShowAsync(show);
    }

    /// <summary>Cancelled when the deadline passes while the sink does not answer.</summary>
    public CancellationToken Overdue => _overdue.Token;

    /// <summary>Whether the deadline has passed while the sink did not answer.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Is over some seconds later: what has not ended by then hangs, and is left behind.</summary>
    public async Task IsLateAsync()
    {
        await _over.Task.ConfigureAwait(false);
        await Task.Delay(s_patience, _clock).ConfigureAwait(false);
    }

    /// <summary>What does not answer, in one sentence; null when all does.</summary>
    public string? Silence { get; private set; }

    /// <inheritdoc/>
    public void Report(string? value) => _told.Writer.TryWrite(value);

    /// <summary>Shows what it was told so far and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _told.Writer.TryComplete();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timer?.Dispose();
        _overdue.Dispose();
    }

    private async Task ShowAsync(Func<string?, Task> show)
    {
        await foreach (string? silence in _told.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Silence = silence;
            _timer?.Dispose();
            _timer = silence is null || _deadline is not { } deadline ? null
                : _clock.CreateTimer(static watch => ((SilenceWatch)watch!).GiveUp(), this, Positive(deadline - _clock.GetUtcNow()), Timeout.InfiniteTimeSpan);
            await show(silence).ConfigureAwait(false);
        }
    }

    private void GiveUp()
    {
        IsOver = true;
        try
        {
            _overdue.Cancel();
            _over.TrySetResult();
        }
        catch (ObjectDisposedException)
        {
            // It has answered at the last moment.
        }
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
