using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Tests.Emulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace LakehouseLab.Tests.Server;

/// <summary>How an emulation waits for what is away.</summary>
public sealed class EmulationTurnTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VirtualClock _clock = new();
    private readonly JobDatabase _database;

    public EmulationTurnTests() => _database = JobDatabase.Open(_folder.Combine("service.db"));

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_SinkAway_WaitsWithTheReasonAndGoesOn()
    {
        int attempts = 0;
        List<(JobState State, string? Reason)> before = [];
        EmulationJob? job = null;
        ScriptedRunner runner = new(() =>
        {
            before.Add((job!.Record.State, job.Record.Reason));
            return ++attempts <= 3 ? throw new StorageException("the store is away", new IOException()) { IsUnavailable = true } : Task.CompletedTask;
        });
        job = NewJob(timeout: null);

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal(4, attempts);
        Assert.All(before, state => Assert.Equal((JobState.Running, null), state));
        Assert.Equal(JobState.Completed, job.Record.State);
        Assert.True(job.Record.EndedAt - job.Record.StartedAt > TimeSpan.FromSeconds(1), "it did not wait");
        Assert.Equal(job.Record, EmulationRecord.Of(Assert.Single(_database.Read(EmulationRecord.Kind))));
    }

    [Fact]
    public async Task Run_SinkAwayForLong_AsksMoreAndMoreRarely()
    {
        List<DateTimeOffset> attempts = [];
        ScriptedRunner runner = new(() =>
        {
            attempts.Add(_clock.GetUtcNow());
            return attempts.Count <= 6 ? throw new StorageException("the store is away", new IOException()) { IsUnavailable = true } : Task.CompletedTask;
        });

        Assert.NotNull(await TurnAsync(NewJob(timeout: null), runner));

        Assert.All(attempts.Zip(attempts.Skip(1)).Index(), pause =>
            Assert.InRange((pause.Item.Second - pause.Item.First).TotalMilliseconds, 250 << pause.Index, 500 << pause.Index));
    }

    [Fact]
    public async Task Run_SinkAwayUntilTheDeadline_FailsWithTheReason()
    {
        EmulationJob job = NewJob(timeout: 100);
        ScriptedRunner runner = new(() => throw new StorageException("the store is away", new IOException()) { IsUnavailable = true });

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal((JobState.Failed, TimeSpan.FromSeconds(100)), (job.Record.State, job.Record.EndedAt - job.Record.StartedAt));
        Assert.Contains("the store is away", job.Record.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServiceStopsBeforeItsTurn_StaysScheduledWithItsWholeTimeout()
    {
        EmulationJob job = NewJob(timeout: 100);
        ScriptedRunner runner = new(() => throw new InvalidOperationException("it was run"));

        Assert.Null(await TurnAsync(job, runner, isStopped: true));

        Assert.Equal((JobState.Scheduled, null), (job.Record.State, job.Record.StartedAt));
        Assert.Empty(_database.Read(EmulationRecord.Kind));
    }

    [Theory]
    [InlineData(0, false, JobState.Failed)]
    [InlineData(0, true, JobState.Failed)]
    [InlineData(5, false, JobState.Completed)]
    [InlineData(5, true, JobState.Completed)]
    internal async Task Run_DeadlinePassedWhileTheServiceWasDown_EndsByWhatWasDelivered(long rows, bool isAway, JobState state)
    {
        EmulationRecord begun = NewJob(timeout: 100).Record.Run(_clock.Now()) with { Counts = new DeliveredCounts(rows, rows * 200) };
        _clock.Advance(TimeSpan.FromSeconds(101));
        EmulationJob job = new(begun, _clock);
        ScriptedRunner runner = new(() => isAway ? throw new StorageException("the store is away", new IOException()) { IsUnavailable = true } : Task.CompletedTask);

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal(state, job.Record.State);
        if (state == JobState.Failed)
        {
            Assert.StartsWith("its timeout of 100 s passed while the service was down, before it had delivered a row", job.Record.Reason, StringComparison.Ordinal);
            Assert.Equal(isAway, job.Record.Reason!.Contains("the store is away", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Run_SinkSilentUntilTheDeadline_IsWaitingAndFailsThen()
    {
        EmulationJob job = NewJob(timeout: 100);
        ScriptedRunner runner = new(signals =>
        {
            signals.Unanswered!.Report("kafka has not acknowledged");
            return Task.Delay(Timeout.Infinite, signals.Stop);
        });

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal((JobState.Failed, true), (job.Record.State, job.Record.EndedAt >= job.Record.Deadline));
        Assert.Equal("its timeout of 100 s passed while it waited: kafka has not acknowledged", job.Record.Reason);
    }

    [Fact]
    public async Task Run_SinkThatHangsBeyondTheDeadline_IsLeftBehind()
    {
        EmulationJob job = NewJob(timeout: 100);
        TaskCompletionSource hung = new();
        ScriptedRunner runner = new(signals =>
        {
            signals.Unanswered!.Report("kafka has not acknowledged");
            return hung.Task;
        });

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal(JobState.Failed, job.Record.State);
        hung.SetResult();
    }

    [Fact]
    public async Task Silence_ThatEnds_IsShownInOrder()
    {
        List<string?> shown = [];
        SilenceWatch watch = new(null, TimeProvider.System, silence =>
        {
            shown.Add(silence);
            return Task.CompletedTask;
        });

        watch.Report("kafka is silent");
        watch.Report(null);
        await watch.DisposeAsync();

        Assert.Equal(["kafka is silent", null], shown);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_EndsAtOnce()
    {
        EmulationJob job = NewJob(timeout: null);
        ScriptedRunner runner = new(() =>
        {
            job.Publish(job.Record with { Wish = EarlyEnd.Cancel });
            throw new StorageException("the store is away", new IOException()) { IsUnavailable = true };
        });

        Assert.NotNull(await TurnAsync(job, runner));

        Assert.Equal(JobState.Cancelled, job.Record.State);
    }

    [Fact]
    public async Task Run_DatabaseFull_KeepsTryingToWriteTheEndDown()
    {
        await using JobDatabase database = JobDatabase.Open(_folder.Combine("small.db"), maxPages: 40);
        EmulationJob job = NewJob(timeout: null);
        int fillers = 0;
        ScriptedRunner runner = new(async () =>
        {
            try
            {
                for (; ; fillers++)
                {
                    await database.WriteAsync(new StoredJob("filler", fillers, Guid.Empty, JobState.Scheduled, new string('x', 1500)));
                }
            }
            catch (JobStoreException)
            {
                // There is no room left, until somebody makes some.
            }

            _ = Task.Run(async () =>
            {
                while (database.Failure is null)
                {
                    await Task.Yield();
                }

                await database.WriteAsync([.. Enumerable.Range(0, fillers).Select(number => new StoredJob("filler", number, Guid.Empty, JobState.Scheduled, null))]);
            });
        });

        Assert.NotNull(await new EmulationTurn(job, 0, new EndOrder("a"), database, runner, _clock, NullLogger.Instance, CancellationToken.None).RunAsync());

        Assert.Equal(JobState.Completed, job.Record.State);
    }

    internal static EmulationRecord NewRecord(long number) => new()
    {
        Number = number,
        Id = JobId.New(TimeProvider.System),
        State = JobState.Scheduled,
        CreatedAt = TimeProvider.System.Now(),
        Settings = new EmulationSettings
        {
            EmulatorSync = "kafka", EmulationDomain = "transaction", FormatType = "json", SyncType = "single", Threads = 1, Rate = "max", Labels = "inline",
            Delivery = "exactly_once", Seed = 42, Users = 500, Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), FraudRate = 0.003, FraudMix = "inherent=1",
        },
    };

    private EmulationJob NewJob(long? timeout)
    {
        EmulationRecord record = NewRecord(1);
        return new EmulationJob(record with { CreatedAt = _clock.Now(), Settings = record.Settings with { Timeout = timeout } }, _clock);
    }

    private Task<EmulationRecord?> TurnAsync(EmulationJob job, ScriptedRunner runner, bool isStopped = false) =>
        new EmulationTurn(job, 0, new EndOrder("a"), _database, runner, _clock, NullLogger.Instance, new CancellationToken(isStopped)).RunAsync();

    private sealed class ScriptedRunner(Func<EmulationSignals, Task> run) : IEmulationRunner
    {
        public ScriptedRunner(Func<Task> run)
            : this(_ => run())
        {
        }

        public Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress) => run(signals);

        public bool IsTransient(Exception exception) => exception is StorageException { IsUnavailable: true };
    }
}
