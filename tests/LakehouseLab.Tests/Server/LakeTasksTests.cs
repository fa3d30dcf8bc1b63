using System.Collections.Concurrent;
using System.Diagnostics;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Settings;
using LakehouseLab.World.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging.Abstractions;

namespace LakehouseLab.Tests.Server;

/// <summary>How pipeline runs and audits wait, run, and end before their time.</summary>
public sealed class LakeTasksTests
{
    private static readonly ServiceOptions s_options = new() { World = new WorldSettings() };

    [Fact]
    public async Task Cancel_OneThatRunsAndOneThatWaits_EndsBoth()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        HeldWork work = new();
        using LakeTasks tasks = await StartedAsync(database, work);
        LakeTask running = await StartAsync(tasks);
        LakeTask waiting = await StartAsync(tasks);
        await work.Begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        TaskCompletionSource<LakeTaskRecord> ended = new();
        tasks.Ended += record =>
        {
            if (record.Id == running.Record.Id)
            {
                ended.TrySetResult(record);
            }
        };
        Assert.Equal(("raw/transaction", 3), (running.Progress!.Step, running.Progress.Done));

        Assert.Null(await tasks.CancelAsync(waiting));
        Assert.Equal(JobState.Cancelled, waiting.Record.State);
        Assert.Null(await tasks.CancelAsync(running));
        Assert.Null(await tasks.CancelAsync(running));

        Assert.Equal(JobState.Cancelled, (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).State);
        Assert.Equal([JobState.Cancelled, JobState.Cancelled], database.Read(LakeTaskRecord.Audit).Select(job => job.State));
        await tasks.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Cancel_AskedForBeforeAKill_IsNotRunAgain()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        LakeTaskRecord record = NewAudit() with { State = JobState.Running, CancelAsked = true };
        await database.WriteAsync(record.ToStored());
        HeldWork work = new();
        using LakeTasks tasks = new(database, [work], new NoEmulations(), s_options, NullLogger<LakeTasks>.Instance);
        TaskCompletionSource<LakeTaskRecord> ended = new();
        tasks.Ended += ended.SetResult;

        await tasks.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(JobState.Cancelled, (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).State);
        Assert.False(work.Begun.Task.IsCompleted, "it was run");
        await tasks.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_AskedForByARequest_HasASpanThatIsLinkedToTheRequests()
    {
        ConcurrentBag<Activity> activities = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "LakehouseLab.Server",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        LakeTaskRecord record = NewAudit() with { RequestTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await database.WriteAsync(record.ToStored());
        HeldWork work = new();
        using LakeTasks tasks = await StartedAsync(database, work);
        await work.Begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        await tasks.StopAsync(TestContext.Current.CancellationToken);

        Activity span = Assert.Single(activities, activity => record.Id.Equals(activity.GetTagItem("lakelab.task")));
        Assert.Equal(("audit", "0af7651916cd43dd8448eb211c80319c"), (span.DisplayName, Assert.Single(span.Links).Context.TraceId.ToHexString()));
    }

    [Fact]
    public async Task Cancel_OneThatEnded_IsAConflict()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        using LakeTasks tasks = new(database, [new HeldWork()], new NoEmulations(), s_options, NullLogger<LakeTasks>.Instance);

        ProblemDetails? problem = await tasks.CancelAsync(new LakeTask(NewAudit() with { State = JobState.Completed }));

        Assert.Equal(409, problem?.Status);
    }

    [Fact]
    public async Task Stop_WhileOneComesToItsEnd_LeavesTheNextAsItWas()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        HeldWork work = new() { EndsWhenStopped = true };
        using LakeTasks tasks = await StartedAsync(database, work);
        LakeTask running = await StartAsync(tasks);
        LakeTask waiting = await StartAsync(tasks);
        await work.Begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        await tasks.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((JobState.Completed, JobState.Scheduled, null), (running.Record.State, waiting.Record.State, waiting.Record.StartedAt));
    }

    [Fact]
    public async Task Start_SameKeyAgain_FindsTheFirstAlsoAfterARestart()
    {
        using TemporaryFolder folder = new();
        await using JobDatabase database = JobDatabase.Open(folder.Combine("service.db"));
        using LakeTasks tasks = await StartedAsync(database, new HeldWork());
        byte[] body = "{}"u8.ToArray();

        Started<LakeTask>[] started = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => tasks.StartAsync(LakeTaskRecord.Audit, "k", body, Settle)));
        Started<LakeTask> other = await tasks.StartAsync(LakeTaskRecord.Audit, "k", "[]"u8.ToArray(), Settle);
        await tasks.StopAsync(TestContext.Current.CancellationToken);
        using LakeTasks restarted = await StartedAsync(database, new HeldWork());
        Started<LakeTask> again = await restarted.StartAsync(LakeTaskRecord.Audit, "k", body, Settle);

        Assert.Single(started.Select(one => one.Job!.Record.Id).Append(again.Job!.Record.Id).Distinct());
        Assert.Equal(422, other.Problem?.Status);
        await restarted.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<LakeTasks> StartedAsync(JobDatabase database, ILakeWork work)
    {
        LakeTasks tasks = new(database, [work], new NoEmulations(), s_options, NullLogger<LakeTasks>.Instance);
        await tasks.StartAsync(TestContext.Current.CancellationToken);
        return tasks;
    }

    private static async Task<LakeTask> StartAsync(LakeTasks tasks) => (await tasks.StartAsync(LakeTaskRecord.Audit, null, default, Settle)).Job!;

    private static Task<(LakeTaskRecord? Record, ProblemDetails? Problem)> Settle(LakeTaskRecord record) =>
        Task.FromResult<(LakeTaskRecord?, ProblemDetails?)>((record with { AuditOf = new AuditSettings() }, null));

    private static LakeTaskRecord NewAudit() => new()
    {
        Kind = LakeTaskRecord.Audit,
        Number = 1,
        Id = JobId.New(TimeProvider.System),
        State = JobState.Scheduled,
        CreatedAt = TimeProvider.System.Now(),
        AuditOf = new AuditSettings(),
    };

    private sealed class NoEmulations : IEmulationStates
    {
        public bool IsUnfinished(Guid emulation) => false;
    }

    /// <summary>Work that goes on until it is stopped.</summary>
    private sealed class HeldWork : ILakeWork
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether it comes to its end when it is stopped.</summary>
        public bool EndsWhenStopped { get; init; }

        public string Kind => LakeTaskRecord.Audit;

        public string Describe(LakeTaskRecord ended) => "";

        public async Task<LakeTaskOutcome> RunAsync(LakeTaskRecord task, Action<LakeTaskProgress> progress, CancellationToken stop)
        {
            progress(new LakeTaskProgress("raw/transaction", 3, 9));
            Begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return EndsWhenStopped ? new LakeTaskOutcome() : throw new OperationCanceledException(stop);
        }
    }
}
