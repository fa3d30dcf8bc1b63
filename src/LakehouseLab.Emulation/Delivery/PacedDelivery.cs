using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Hands the rows of ranges to a sink at a pace, until they are all there or somebody ends it.</summary>
internal sealed class PacedDelivery
{
    private readonly EmulationRequest _request;
    private readonly IRecordSink _sink;
    private readonly EmulationControl _control;
    private readonly PaceSchedule _schedule;
    private readonly Tally _tally;
    private readonly Action _report;
    private long? _began;
    private long _lastLeft;

    /// <summary>Prepares it; the request's duration counts from when the first row can leave.</summary>
    public PacedDelivery(EmulationRequest request, IRecordSink sink, EmulationControl control, PaceSchedule schedule, Tally tally, Action report)
    {
        _request = request;
        _sink = sink;
        _control = control;
        _schedule = schedule;
        _tally = tally;
        _report = report;
    }

    /// <summary>Whether the deadline has passed or the emulation is to be completed.</summary>
    public bool IsOver => _control.IsEnded || _control.Clock.GetTimestamp() >= Deadline;

    /// <summary>From when the first row could leave until the last was delivered or, at a pace, had left. What came before, such as claims and
    /// the making of the world's people, is not in it.</summary>
    public TimeSpan Time => _began is { } began ? _control.Clock.GetElapsedTime(began, _lastLeft) : TimeSpan.Zero;

    private long Deadline => _request.Duration is not { } duration ? long.MaxValue
        : duration <= TimeSpan.Zero ? long.MinValue
        : _began is { } began ? began + Ticks(duration)
        : long.MaxValue;

    /// <summary>Delivers a range and flushes.</summary>
    /// <param name="range">The range.</param>
    /// <param name="sinkToken">Gives the sink up; rows are handed over whole until then.</param>
    /// <param name="cancellationToken">Ends it between two rows, without a flush.</param>
    public async Task RunAsync(RowRange range, CancellationToken sinkToken, CancellationToken cancellationToken)
    {
        await new BlockProducer(_request, range).RunAsync(
            block =>
            {
                Begin();
                return SendAsync(block, sinkToken, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        await _sink.FlushAsync(sinkToken).ConfigureAwait(false);
        if (_request.Pace.Kind == PaceKind.Max)
        {
            _lastLeft = _control.Clock.GetTimestamp();
        }

        _report();
    }

    private void Begin()
    {
        if (_began is null)
        {
            _lastLeft = _control.Clock.GetTimestamp();
            _began = _lastLeft;
        }
    }

    // Says whether there is time for more blocks.
    private async ValueTask<bool> SendAsync(EncodedBlock block, CancellationToken sinkToken, CancellationToken cancellationToken)
    {
        for (BlockSlice rest = new(block, 0, block.Rows); rest.Count > 0;)
        {
            bool isOver = IsOver;
            int due = isOver ? CountDueInTime(rest) : _schedule.CountDue(rest);
            if (due > 0)
            {
                await _sink.WriteAsync(rest.Take(due), sinkToken).ConfigureAwait(false);
                _schedule.Sent(due);
                _tally.Add(rest.Take(due));
                _lastLeft = _control.Clock.GetTimestamp();
                rest = rest.Skip(due);
                await FlushIfDueAsync(sinkToken).ConfigureAwait(false);
                _report();
            }

            if (isOver)
            {
                return false;
            }

            if (due == 0)
            {
                await WaitAsync(_schedule.WaitFor(rest), sinkToken, cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    }

    // What was due before the deadline leaves with it: groups of rows are a tick apart, and the last ends in the middle of one.
    private int CountDueInTime(BlockSlice rest) =>
        _control.IsEnded || _request.Pace.Kind == PaceKind.Max || _began is null || Deadline <= _began ? 0 : _schedule.CountDue(rest, Deadline - 1);

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
        long until = Math.Min(now + Ticks(wait), Math.Min(_sink.FlushDue ?? long.MaxValue, Deadline));
        if (until > now)
        {
            using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _control.Completion, _control.Cancellation);
            await Task.Delay(_control.Clock.GetElapsedTime(now, until), _control.Clock, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await FlushIfDueAsync(sinkToken).ConfigureAwait(false);
    }
}
