using Grpc.Core;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Executions;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>Statements over connections that fail: each row once, and nobody's statement left running.</summary>
public sealed class StatementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut")]
    [InlineData("ended")]
    [InlineData("unavailable")]
    [InlineData("taken over")]
    public async Task QueryAsync_AStreamThatBreaksOff_IsReadOnAfterItsLastAnswer(string end)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        Reports reports = new();
        spark.On<ExecutePlanRequest>(async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(0, 3));
            await call.SendAsync(FakeRows.Rows(3, 2));
            await call.SendAsync(FakeRows.Progress());
            await reports.First;
            await EndWith(call, end);
        });
        spark.On<ReattachExecuteRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(5, 1));
            await call.SendAsync(FakeRows.Complete());
        });
        await using SparkSession session = await spark.OpenAsync();
        using SparkResult result = await session.QueryAsync("SELECT", new SparkStatementOptions { Progress = reports }, Cancellation);

        Assert.Equal([0, 1, 2, 3, 4, 5], FakeRows.Ids(result));
        ReattachExecuteRequest reattached = Assert.Single(spark.Of<ReattachExecuteRequest>());
        Assert.Equal((Assert.Single(spark.Of<ExecutePlanRequest>()).OperationId, "rows-3"), (reattached.OperationId, reattached.LastResponseId));
        Assert.Equal(reattached.OperationId, Assert.Single(spark.Of<ReleaseExecuteRequest>()).OperationId);
        Assert.Empty(spark.Of<InterruptRequest>());
    }

    [Fact]
    public async Task QueryAsync_NoAnswerBeforeTheFailure_IsSentAgainAsTheSameOperation()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(async (_, call) =>
        {
            if (spark.Of<ExecutePlanRequest>().Count < 3)
            {
                call.Fail(StatusCode.Unavailable, "starting");
                return;
            }

            await call.SendAsync(FakeRows.Complete());
        });
        await using SparkSession session = await spark.OpenAsync();
        await session.QueryAsync("SELECT", cancellationToken: Cancellation);
        Assert.Single(spark.Of<ExecutePlanRequest>().Select(static request => request.OperationId).Distinct());
        Assert.All(spark.Of<ExecutePlanRequest>(), static request => Assert.True(request.RequestOptions[0].ReattachOptions.Reattachable));
    }

    [Fact]
    public async Task QueryAsync_ASilentStreamOfALivingServer_IsReadOn()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(0, 1));
            await call.HangAsync();
        });
        spark.On<ReattachExecuteRequest>(static (_, call) => call.SendAsync(FakeRows.Complete()));
        await using SparkSession session = await spark.OpenAsync(new SparkSessionOptions { CallTimeout = TimeSpan.FromMilliseconds(200) });
        using SparkResult result = await session.QueryAsync("SELECT", cancellationToken: Cancellation);
        Assert.Equal([0], FakeRows.Ids(result));
        Assert.Equal("rows-0", spark.Of<ReattachExecuteRequest>()[0].LastResponseId);
    }

    [Theory]
    [InlineData("unavailable", "cannot be reached (gone; tried for 0.3 s)")]
    [InlineData("ended", "it ended the answers of a statement at once")]
    [InlineData("silent", "it did not answer within 0.1 s")]
    public async Task QueryAsync_AServerThatStaysAway_FailsInTheEnd(string end, string message)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        SparkSessionOptions options = new() { RetryFor = TimeSpan.FromMilliseconds(300) };
        await using SparkSession session = await spark.OpenAsync(end == "silent" ? options with { CallTimeout = TimeSpan.FromMilliseconds(100) } : options);
        spark.On<ExecutePlanRequest>((_, call) => end == "silent" ? call.HangAsync() : EndWith(call, end));
        spark.On<AnalyzePlanRequest>(static (_, call) => call.HangAsync());
        SparkConnectionException exception = await Assert.ThrowsAsync<SparkConnectionException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_RowsBeforeAFailure_AreNotGiven()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(0, 3));
            call.Fail(StatusCode.Internal, "task failed", ("errorClass", "TASK_FAILED"));
        });
        await using SparkSession session = await spark.OpenAsync();
        SparkStatementException exception = await Assert.ThrowsAsync<SparkStatementException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));
        Assert.Equal(("TASK_FAILED", "task failed"), (exception.ErrorClass, exception.Message));
        Assert.Empty(spark.Of<ReattachExecuteRequest>());
    }

    [Fact]
    public async Task QueryAsync_RowsMissing_IsAnErrorAndInterrupts()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(0, 3));
            await call.SendAsync(FakeRows.Rows(4, 1));
            await call.HangAsync();
        });
        await using SparkSession session = await spark.OpenAsync();
        SparkProtocolException exception = await Assert.ThrowsAsync<SparkProtocolException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));
        Assert.Contains("rows from 4 where rows from 3 were due", exception.Message, StringComparison.Ordinal);
        Assert.Equal(spark.Of<ExecutePlanRequest>()[0].OperationId, Assert.Single(spark.Of<InterruptRequest>()).OperationId);
    }

    [Fact]
    public async Task QueryAsync_Cancelled_InterruptsAndReleasesTheOperation()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        using CancellationTokenSource source = new();
        spark.On<ExecutePlanRequest>(async (_, call) =>
        {
            await source.CancelAsync();
            await call.HangAsync();
        });
        await using SparkSession session = await spark.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.QueryAsync("SELECT", cancellationToken: source.Token));
        string operation = spark.Of<ExecutePlanRequest>()[0].OperationId;
        InterruptRequest interrupt = Assert.Single(spark.Of<InterruptRequest>());
        Assert.Equal((InterruptRequest.Types.InterruptType.OperationId, operation), (interrupt.InterruptType, interrupt.OperationId));
        Assert.Equal(operation, Assert.Single(spark.Of<ReleaseExecuteRequest>()).OperationId);
    }

    [Fact]
    public async Task QueryAsync_DeadlinePassed_InterruptsAndSaysSo()
    {
        FakeTimeProvider time = new();
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>((_, call) =>
        {
            time.Advance(TimeSpan.FromSeconds(20));
            return call.HangAsync();
        });
        await using SparkSession session = await spark.OpenAsync(new SparkSessionOptions { Time = time, Deadline = TimeSpan.FromMinutes(1) });
        SparkStatementOptions options = new() { Deadline = TimeSpan.FromSeconds(20) };
        SparkDeadlineException exception = await Assert.ThrowsAsync<SparkDeadlineException>(() => session.QueryAsync("SELECT", options, Cancellation));
        Assert.Contains("longer than 20 s", exception.Message, StringComparison.Ordinal);
        Assert.Single(spark.Of<InterruptRequest>());
    }

    [Fact]
    public async Task StreamAsync_LeftEarly_Interrupts()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Rows(0, 3));
            await call.HangAsync();
        });
        await using SparkSession session = await spark.OpenAsync();
        await foreach (Apache.Arrow.RecordBatch batch in session.StreamAsync("SELECT", cancellationToken: Cancellation))
        {
            Assert.Equal(3, batch.Length);
            break;
        }

        Assert.Single(spark.Of<InterruptRequest>());
    }

    [Fact]
    public async Task QueryAsync_Progress_IsTold()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (_, call) =>
        {
            await call.SendAsync(FakeRows.Progress());
            await call.SendAsync(FakeRows.Complete());
        });
        await using SparkSession session = await spark.OpenAsync();
        Reports reports = new();
        await session.QueryAsync("SELECT", new SparkStatementOptions { Progress = reports, Tags = ["mine"] }, Cancellation);
        SparkProgress told = Assert.Single(reports.Told);
        Assert.Equal((2, new SparkStage(7, 10, 4, 99, false)), (told.RunningTasks, Assert.Single(told.Stages)));
        Assert.Equal(["mine"], spark.Of<ExecutePlanRequest>()[0].Tags);
    }

    private static Task EndWith(FakeCall call, string end)
    {
        switch (end)
        {
            case "cut":
                call.Cut();
                break;
            case "unavailable":
                call.Fail(StatusCode.Unavailable, "gone");
                break;
            case "taken over":
                call.Fail(StatusCode.Internal, "taken over", ("errorClass", "INVALID_CURSOR.DISCONNECTED"));
                break;
        }

        return Task.CompletedTask;
    }

    private sealed class Reports : IProgress<SparkProgress>
    {
        private readonly TaskCompletionSource _first = new();

        public Task First => _first.Task;

        public List<SparkProgress> Told { get; } = [];

        public void Report(SparkProgress value)
        {
            Told.Add(value);
            _first.TrySetResult();
        }
    }
}
