using System.Threading.Channels;
using LakehouseLab.Server.Emulations;

namespace LakehouseLab.Tests.Server;

/// <summary>Runs emulations as a test tells it: a run goes on until the test ends it, or a signal does.</summary>
/// <param name="hangs">Whether runs do not hear that the service stops.</param>
internal sealed class ControlledRunner(bool hangs = false) : IEmulationRunner
{
    private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();

    /// <summary>Every run that has begun so far.</summary>
    public int Begun { get; private set; }

    /// <summary>Waits for the next run.</summary>
    public async Task<Run> NextAsync() => await _runs.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress)
    {
        Run run = new(emulation, signals, progress, hangs);
        Begun++;
        await _runs.Writer.WriteAsync(run, CancellationToken.None);
        await run.Done;
    }

    public bool IsTransient(Exception exception) => false;

    /// <summary>A run.</summary>
    internal sealed class Run
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IProgress<EmulationAdvance> _progress;

        public Run(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress, bool hangs)
        {
            Emulation = emulation;
            Signals = signals;
            _progress = progress;
            signals.Completion.Register(() => _done.TrySetResult());
            signals.Cancellation.Register(() => _done.TrySetResult());
            if (!hangs)
            {
                signals.Stop.Register(() => _done.TrySetCanceled(signals.Stop));
            }
        }

        public EmulationRecord Emulation { get; }

        public EmulationSignals Signals { get; }

        public Task Done => _done.Task;

        /// <summary>Delivers rows.</summary>
        public void Deliver(long rows) => _progress.Report(new EmulationAdvance(
            new DeliveredCounts(rows, rows * 200) { Chunks = 1, NextRow = rows, EventTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }));

        /// <summary>Comes to the end.</summary>
        public void End() => _done.TrySetResult();

        /// <summary>Fails.</summary>
        public void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
