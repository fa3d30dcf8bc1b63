using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Pacing;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Hands the rows of ranges to a sink at a pace, until they are all there or somebody ends it.</summary>
internal sealed class PacedDelivery
{
    private readonly EmulationRequest _request;
    private readonly IRecordSink _sink;
    private readonly EmulationControl _control;
    private readonly PaceSchedule _schedule;
    private readonly Tally _tally;
    private readonly long? _deadline;
    private readonly Action _report;

    /// <summary>Begins; the request's duration counts from now.</summary>
    public PacedDelivery(EmulationRequest request, IRecordSink sink, EmulationControl control, PaceSchedule schedule, Tally tally, Action report)
    {
        _request = request;
        _sink = sink;
        _control = control;
        _schedule = schedule;
        _tally = tally;
        _report = report;
        _deadline = request.Duration is { } duration ? control.Clock.GetTimestamp() + Ticks(duration) : null;
    }

    /// <summary>Whether the deadline has passed or the emulation is to be completed.</summary>
    public bool IsOver => _control.IsEnded || _control.Clock.GetTimestamp() >= (_deadline ?? long.MaxValue);

    /// <summary>Delivers a range and flushes.</summary>
    /// <param name="range">The range.</param>
    /// <param name="sinkToken">Gives the sink up; rows are handed over whole until then.</param>
    /// <param name="cancellationToken">Ends it between two rows, without a flush.</param>
    public async Task RunAsync(RowRange range, CancellationToken sinkToken, CancellationToken cancellationToken)
    {
        await new BlockProducer(_request, range).RunAsync(
            async block =>
            {
                for (BlockSlice rest = new(block, 0, block.Rows); rest.Count > 0;)
                {
                    if (IsOver)
                    {
                        return false;
                    }

                    int due = _schedule.CountDue(rest);
                    if (due == 0)
                    {
                        await WaitAsync(_schedule.WaitFor(rest), sinkToken, cancellationToken).ConfigureAwait(false);
                        continue;
                    }

                    await _sink.WriteAsync(rest.Take(due), sinkToken).ConfigureAwait(false);
                    _schedule.Sent(due);
                    _tally.Add(rest.Take(due));
                    rest = rest.Skip(due);
                    await FlushIfDueAsync(sinkToken).ConfigureAwait(false);
                    _report();
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        await _sink.FlushAsync(sinkToken).ConfigureAwait(false);
        _report();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _control.Clock.TimestampFrequency);

    private async ValueTask FlushIfDueAsync(CancellationToken sinkToken)
    {
        if (_sink.FlushDue is { } due && _control.Clock.GetTimestamp() >= due)
        {
            await _sink.FlushAsync(sinkToken).ConfigureAwait(false);
            _report();
        }
    }

    // Until the next row is due, but no longer than a chunk may stay open or the emulation may last.
    private async Task WaitAsync(TimeSpan wait, CancellationToken sinkToken, CancellationToken cancellationToken)
    {
        long now = _control.Clock.GetTimestamp();
        long until = Math.Min(now + Ticks(wait), Math.Min(_sink.FlushDue ?? long.MaxValue, _deadline ?? long.MaxValue));
        if (until > now)
        {
            using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _control.Completion, _control.Cancellation);
            await Task.Delay(_control.Clock.GetElapsedTime(now, until), _control.Clock, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await FlushIfDueAsync(sinkToken).ConfigureAwait(false);
    }
}
