using System.Diagnostics;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Problems;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Emulations;

/// <summary>What clients ask of emulations: start, complete, cancel, resume. Each answer is durable before it is given.</summary>
internal sealed class EmulationCommands(
    EmulationRegistry registry, EmulationScheduler scheduler, JobDatabase database, LakeTasks tasks, StartConflicts conflicts, TimeProvider clock)
{
    private const int Conflict = 409;

    /// <summary>Starts an emulation, or finds the one that was started under the same key.</summary>
    /// <param name="key">The key; null when there is none.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="read">Reads the body's settings; not asked for one that was started before.</param>
    /// <returns>The emulation, or the problem; neither when the queue is full.</returns>
    /// <exception cref="JobStoreException">It cannot be made durable, and is not started.</exception>
    public Task<Started<EmulationJob>> StartAsync(string? key, ReadOnlyMemory<byte> body, Func<(EmulationSettings? Settings, ProblemDetails? Problem)> read) => key is null
        ? StartAsync(read(), null, null)
        : registry.Keys.StartAsync(key, body, hash => StartAsync(read(), key, hash));

    /// <summary>Completes an emulation with what it has delivered.</summary>
    /// <param name="job">The emulation.</param>
    /// <param name="pipeline">Whether a pipeline run follows.</param>
    /// <returns>The problem; null when it completes or is complete.</returns>
    public async Task<ProblemDetails?> CompleteAsync(EmulationJob job, bool pipeline)
    {
        await job.Gate.WaitAsync().ConfigureAwait(false);
        EmulationRecord record = job.Record;
        EmulationRecord next = record;
        LakeTask? run = null;
        try
        {
            if (record.State is JobState.Failed or JobState.Cancelled || record.Wish == EarlyEnd.Cancel)
            {
                string state = record.State.IsEnded() ? record.State.ToString().ToLowerInvariant() : "being cancelled";
                return Problem.Of(Conflict, $"emulation {record.Id} is {state}: it can no longer be completed; start another one");
            }

            next = record.State switch
            {
                JobState.Completed => record,
                JobState.Scheduled => (record with { Wish = EarlyEnd.Complete }).End(JobState.Completed, clock.Now()),
                _ => record with { Wish = EarlyEnd.Complete },
            };
            if (pipeline && record.PipelineRun is null)
            {
                run = tasks.PrepareRun(after: record.Id);
                next = next with { PipelineRun = run.Record.Id };
            }

            if (next != record)
            {
                await PutAsync(job, next, run?.Record.ToStored()).ConfigureAwait(false);
            }
        }
        finally
        {
            job.Gate.Release();
        }

        if (run is not null)
        {
            tasks.Add(run, ready: next.State.IsEnded());
        }

        await TellEndAsync(record, next).ConfigureAwait(false);
        return null;
    }

    /// <summary>Cancels an emulation.</summary>
    /// <returns>The problem; null when it is cancelled or will be.</returns>
    public async Task<ProblemDetails?> CancelAsync(EmulationJob job)
    {
        await job.Gate.WaitAsync().ConfigureAwait(false);
        EmulationRecord record = job.Record;
        EmulationRecord next;
        try
        {
            if (record.State is JobState.Completed or JobState.Failed)
            {
                return Problem.Of(Conflict, $"emulation {record.Id} is {record.State.ToString().ToLowerInvariant()}: it can no longer be cancelled");
            }

            next = record.State switch
            {
                JobState.Cancelled => record,
                JobState.Scheduled => (record with { Wish = EarlyEnd.Cancel }).End(JobState.Cancelled, clock.Now()),
                _ => record with { Wish = EarlyEnd.Cancel },
            };
            if (next != record)
            {
                await PutAsync(job, next, null).ConfigureAwait(false);
            }
        }
        finally
        {
            job.Gate.Release();
        }

        await TellEndAsync(record, next).ConfigureAwait(false);
        return null;
    }

    /// <summary>Lets an emulation that was cancelled or failed go on where its data ends.</summary>
    /// <returns>The emulation, also when it goes on already or is complete, or the problem; neither when the queue is full.</returns>
    /// <exception cref="JobStoreException">That cannot be made durable, and is not done.</exception>
    public async Task<Started<EmulationJob>> ResumeAsync(EmulationJob job)
    {
        await job.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            EmulationRecord record = job.Record;
            return record switch
            {
                { State: JobState.Failed or JobState.Cancelled } => await ResumeEndedAsync(job, record).ConfigureAwait(false),
                { State: not JobState.Completed, Wish: EarlyEnd.Cancel } => new(null, Problem.Of(Conflict, $"emulation {record.Id} is being cancelled: resume it once it is cancelled")),
                _ => new(job, null),
            };
        }
        finally
        {
            job.Gate.Release();
        }
    }

    private async Task<Started<EmulationJob>> ResumeEndedAsync(EmulationJob job, EmulationRecord record)
    {
        if (!scheduler.TryReserve())
        {
            return default;
        }

        bool isQueued = false;
        try
        {
            if (await conflicts.ReopenAsync(record).ConfigureAwait(false) is { } problem)
            {
                return new Started<EmulationJob>(null, problem);
            }

            EmulationRecord next = record.Resume();
            await database.WriteAsync(next.ToStored()).ConfigureAwait(false);
            job.Resume(next);
            scheduler.Enqueue(job);
            isQueued = true;
            return new Started<EmulationJob>(job, null);
        }
        finally
        {
            if (!isQueued)
            {
                scheduler.Release();
            }
        }
    }

    // An end has its place in the order of ends, and none in the queue.
    private async Task PutAsync(EmulationJob job, EmulationRecord next, StoredJob? run)
    {
        if (!next.State.IsEnded() || job.Record.State.IsEnded())
        {
            await WriteAsync(next).ConfigureAwait(false);
            return;
        }

        await registry.Ends.AddAsync(number => WriteAsync(next with { EndNumber = number })).ConfigureAwait(false);
        scheduler.Leave(job);

        async Task WriteAsync(EmulationRecord kept)
        {
            await database.WriteAsync([kept.ToStored(), .. run is null ? Array.Empty<StoredJob>() : [run]]).ConfigureAwait(false);
            job.Publish(kept);
        }
    }

    private Task TellEndAsync(EmulationRecord before, EmulationRecord after) =>
        after.State.IsEnded() && !before.State.IsEnded() ? scheduler.TellAsync(after) : Task.CompletedTask;

    private Task<Started<EmulationJob>> StartAsync((EmulationSettings? Settings, ProblemDetails? Problem) read, string? key, string? bodyHash) => read.Settings is { } settings
        ? conflicts.GuardAsync(settings, () => MakeAsync(settings, key, bodyHash))
        : Task.FromResult(new Started<EmulationJob>(null, read.Problem));

    private async Task<Started<EmulationJob>> MakeAsync(EmulationSettings settings, string? key, string? bodyHash)
    {
        if (!scheduler.TryReserve())
        {
            return default;
        }

        EmulationJob job = new(
            new EmulationRecord
            {
                Number = registry.NextNumber(),
                Id = JobId.New(clock),
                Settings = settings,
                State = JobState.Scheduled,
                CreatedAt = clock.Now(),
                IdempotencyKey = key,
                BodyHash = bodyHash,
                RequestTrace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } request ? request.Id : null,
            },
            clock);
        try
        {
            await database.WriteAsync(job.Record.ToStored()).ConfigureAwait(false);
        }
        catch
        {
            scheduler.Release();
            throw;
        }

        registry.Add(job);
        scheduler.Enqueue(job);
        return new Started<EmulationJob>(job, null);
    }
}
