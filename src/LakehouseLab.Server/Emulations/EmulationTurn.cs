using System.Diagnostics;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Server.Failures;
using LakehouseLab.Server.Jobs;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Emulations;

/// <summary>One turn of an emulation: it runs, waits while what it needs is away, and ends; or it is stopped to go on later.</summary>
/// <param name="job">The emulation.</param>
/// <param name="resumptions">How often it had been resumed when it got its place in the queue.</param>
/// <param name="ends">The order in which emulations end.</param>
/// <param name="database">Keeps it.</param>
/// <param name="runner">Does its work.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Is told what it does.</param>
/// <param name="stop">The service stops.</param>
internal sealed partial class EmulationTurn(
    EmulationJob job, int resumptions, EndOrder ends, JobDatabase database, IEmulationRunner runner, TimeProvider clock, ILogger logger, CancellationToken stop)
{
    private EmulationRecord? _ended;

    /// <summary>Runs it.</summary>
    /// <returns>The emulation as it ended; null when it has not. It may go on again meanwhile.</returns>
    public async Task<EmulationRecord?> RunAsync()
    {
        // Its deadline passed while the service was down: it is only brought to its end.
        bool isOverdue = job.Record.Deadline <= clock.Now();
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                // Whatever is queued when the service stops keeps its whole timeout.
                stop.ThrowIfCancellationRequested();
                if (job.Record.State != JobState.Running)
                {
                    await ChangeAsync(record => IsOver(record) ? null : record.Run(clock.Now())).ConfigureAwait(false);
                }

                if (IsOver(job.Record))
                {
                    return null;
                }

                long rows = job.Counts.Rows;
                string? away = await TryAsync(isOverdue).ConfigureAwait(false);
                if (away is null)
                {
                    return _ended;
                }

                // What went on in between shows that it was back.
                attempt = job.Counts.Rows > rows ? 0 : attempt;
                await WaitAsync(away, attempt).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(job.Counts.Rows);
            return null;
        }
    }

    // One that was cancelled in the queue and resumed has another turn.
    private bool IsOver(EmulationRecord record) => record.State.IsEnded() || record.Resumptions != resumptions;

    // What is away, in one sentence; null when it has ended.
    private async Task<string?> TryAsync(bool isOverdue)
    {
        SilenceWatch watch = new(job.Record.Deadline, clock, ShowAsync);
        try
        {
            LogRuns();
            await RunAsync(watch).ConfigureAwait(false);
            await (isOverdue ? EndOverdueAsync(null) : EndAsync(job.Cancellation.IsCancellationRequested ? JobState.Cancelled : JobState.Completed, null)).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (job.Cancellation.IsCancellationRequested)
        {
            // Whoever cancels it does not care why it could not end in order.
            LogFailed(exception, exception.Message);
            await EndAsync(JobState.Cancelled, null).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (watch.IsOver)
        {
            await EndAsync(JobState.Failed, $"its timeout of {job.Record.Settings.Timeout} s passed while it waited: {watch.Silence}").ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (runner.IsTransient(exception) && !(job.Record.Deadline <= clock.Now()))
        {
            return exception.Message;
        }
        catch (Exception exception) when (runner.IsTransient(exception) && isOverdue)
        {
            LogFailed(exception, exception.Message);
            await EndOverdueAsync(exception.Message).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(exception, exception.Message);
            await EndAsync(JobState.Failed, ServiceFailure.Explain(exception)).ConfigureAwait(false);
            return null;
        }
    }

    private async Task RunAsync(SilenceWatch watch)
    {
        using CancellationTokenSource halt = CancellationTokenSource.CreateLinkedTokenSource(stop, watch.Overdue);
        try
        {
            job.Speed.Begin(job.Counts.Rows);
            EmulationRecord record = job.Record;
            Task run = runner.RunAsync(record, new EmulationSignals(record.Deadline, job.Completion, job.Cancellation, halt.Token) { Unanswered = watch }, new Progress(job));
            if (await Task.WhenAny(run, watch.IsLateAsync()).ConfigureAwait(false) != run)
            {
                // It was told to give up, and only closes what it had open; nobody waits for a cluster that hangs.
                throw new OperationCanceledException(watch.Overdue);
            }

            await run.ConfigureAwait(false);
        }
        finally
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task ShowAsync(string? silence)
    {
        if (silence is not null)
        {
            LogWaits(silence);
        }

        return ChangeAsync(record => (record.State, silence) switch
        {
            (JobState.Running, not null) => record.Wait(silence),
            (JobState.Waiting, null) => record.Run(clock.Now()),
            _ => null,
        });
    }

    // What was delivered before counts; without any it has never run.
    private Task EndOverdueAsync(string? away) => job.Cancellation.IsCancellationRequested ? EndAsync(JobState.Cancelled, null)
        : job.Counts.Rows > 0 || (away is null && job.Completion.IsCancellationRequested) ? EndAsync(JobState.Completed, null)
        : EndAsync(JobState.Failed, $"its timeout of {job.Record.Settings.Timeout} s passed while the service was down, before it had delivered a row{(away is null ? "" : $" ({away})")}: start it again");

    private async Task WaitAsync(string reason, int attempt)
    {
        LogWaits(reason);
        EmulationTelemetry.Retries.Add(1, new TagList { { "sync", job.Record.Settings.EmulatorSync }, { "domain", job.Record.Settings.EmulationDomain } });
        await ChangeAsync(record => record.State == JobState.Waiting ? record with { Reason = reason } : record.Wait(reason)).ConfigureAwait(false);
        TimeSpan delay = Backoff.Of(attempt);
        if (job.Record.Deadline is { } deadline && deadline - clock.Now() < delay)
        {
            delay = deadline - clock.Now();
        }

        // A request to complete wakes it once: the system that is away may not be needed for that.
        CancellationToken completion = job.Completion.IsCancellationRequested ? CancellationToken.None : job.Completion;
        using CancellationTokenSource awake = CancellationTokenSource.CreateLinkedTokenSource(stop, job.Cancellation, completion);
        try
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, clock, awake.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It ends in the next attempt.
        }
    }

    private Task EndAsync(JobState state, string? reason)
    {
        LogEnded(state, job.Counts.Rows, job.Counts.Bytes);
        return ends.AddAsync(number => ChangeAsync(record => record.State.IsEnded() ? null : _ended = (record with { Counts = job.Counts, EndNumber = number }).End(state, clock.Now(), reason)));
    }

    // A change that cannot be written down is tried again until it can: the database may be out of room for a while.
    private async Task ChangeAsync(Func<EmulationRecord, EmulationRecord?> change)
    {
        for (int attempt = 0; ; attempt++)
        {
            await job.Gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                if (change(job.Record) is { } changed)
                {
                    await database.WriteAsync(changed.ToStored()).ConfigureAwait(false);
                    job.Publish(changed);
                }

                return;
            }
            catch (JobStoreException failure)
            {
                LogFailed(failure, failure.Message);
            }
            finally
            {
                job.Gate.Release();
            }

            await Task.Delay(Backoff.Of(attempt), clock, stop).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the emulation runs")]
    private partial void LogRuns();

    [LoggerMessage(Level = LogLevel.Warning, Message = "the emulation waits: {Reason}")]
    private partial void LogWaits(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "the emulation is {State}: {Rows} rows, {Bytes} bytes")]
    private partial void LogEnded(JobState state, long rows, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "the emulation stopped after {Rows} rows; it continues when the service starts again")]
    private partial void LogStopped(long rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(Exception exception, string reason);

    private sealed class Progress(EmulationJob job) : IProgress<EmulationAdvance>
    {
        public void Report(EmulationAdvance value) => job.Advance(value);
    }
}
