using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Server.Emulations;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Server;

/// <summary>Emulations that were cancelled or failed and go on.</summary>
public sealed class ResumeTests
{
    private const string Million = """{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 1000000, "max_chunk_size": 1000000, "rate": "50000/s"}""";

    [Fact]
    public async Task Resume_Failed_GoesOnWithItsCountsAndAWholeTimeout()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        run.Deliver(777);
        run.Fail(new InvalidRequestException("the topic was deleted"));
        await service.WaitForAsync(id, "failed");

        RunningService.Answer answer = await service.PostAsync($"/emulator/{id}/resume", null);

        Assert.Equal((HttpStatusCode.Accepted, id), (answer.Status, (string)answer.Json["id"]!));
        Assert.Null(answer.Json["error"]);
        Assert.Null(answer.Json["ended_at"]);
        ControlledRunner.Run again = await runner.NextAsync();
        Assert.Equal((id, 777), (again.Emulation.Id.ToString(), again.Emulation.Counts.Rows));
        Assert.Equal((again.Emulation.ResumedAt!.Value.AddSeconds(120), run.Emulation.StartedAt), (again.Signals.Deadline, again.Emulation.StartedAt));
        again.End();
        await service.WaitForAsync(id, "completed");
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync($"/emulator/{id}/resume", "{}")).Status);
        Assert.Equal(2, runner.Begun);
    }

    [Fact]
    public async Task Resume_Cancelled_CanBeCompletedAndCancelledAsBefore()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        for (int i = 0; i < 2; i++)
        {
            await runner.NextAsync();
            await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
            await service.WaitForAsync(id, "cancelled");
            RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.PostAsync($"/emulator/{id}/resume", null)));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        }

        await runner.NextAsync();
        await service.PostAsync($"/emulator/{id}/complete", null);
        await service.WaitForAsync(id, "completed");
        Assert.Equal(3, runner.Begun);
    }

    [Fact]
    public async Task Resume_CancelledInTheQueue_HasOneTurn()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxRunning = 2, MaxQueued = 2 });
        await service.StartEmulationAsync();
        await service.StartEmulationAsync();
        ControlledRunner.Run[] running = [await runner.NextAsync(), await runner.NextAsync()];
        string queued = await service.StartEmulationAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Delete, $"/emulator/{queued}")).Status);
            Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync($"/emulator/{queued}/resume", null)).Status);
        }

        string last = await service.StartEmulationAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await service.PostAsync("/emulator", RunningService.Curl)).Status);
        Array.ForEach(running, static run => run.End());

        // Both turns are free at once, and its old places in the queue come first.
        string[] begun = [(await runner.NextAsync()).Emulation.Id.ToString(), (await runner.NextAsync()).Emulation.Id.ToString()];
        Assert.Equal(new[] { queued, last }.Order(StringComparer.Ordinal), begun.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Resume_QueueFull_IsToldAndLeavesItAsItWas()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxRunning = 1, MaxQueued = 1 });
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        await service.WaitForAsync(id, "cancelled");
        await service.StartEmulationAsync();
        await runner.NextAsync();
        await service.StartEmulationAsync();

        RunningService.Answer answer = await service.PostAsync($"/emulator/{id}/resume", null);

        Assert.Equal((HttpStatusCode.TooManyRequests, "5"), (answer.Status, answer.Headers.RetryAfter!.ToString()));
        Assert.Equal("cancelled", (string)(await service.GetAsync($"/emulator/{id}")).Json["status"]!);
    }

    [Fact]
    public async Task Resume_BeingCancelled_IsAConflictUntilItIsCancelled()
    {
        using TemporaryFolder folder = new();
        StubbornRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await service.WaitForAsync(id, "running");
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");

        RunningService.Answer early = await service.PostAsync($"/emulator/{id}/resume", null);

        Assert.Equal((HttpStatusCode.Conflict, $"emulation {id} is being cancelled: resume it once it is cancelled"), (early.Status, (string)early.Json["detail"]!));
        runner.Yield();
        await service.WaitForAsync(id, "cancelled");
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync($"/emulator/{id}/resume", null)).Status);
    }

    [Fact]
    public async Task Resume_AfterARestart_GoesOn()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService first = await RunningService.StartAsync(folder, runner);
        string id = await first.StartEmulationAsync();
        (await runner.NextAsync()).Deliver(5);
        await first.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        await first.WaitForAsync(id, "cancelled");

        ControlledRunner next = new();
        await using RunningService second = await first.RestartAsync(next);
        Assert.Equal(HttpStatusCode.Accepted, (await second.PostAsync($"/emulator/{id}/resume", null)).Status);

        Assert.Equal(5, (await next.NextAsync()).Emulation.Counts.Rows);
        ControlledRunner third = new();
        await using RunningService last = await second.RestartAsync(third);
        Assert.Equal(id, (await third.NextAsync()).Emulation.Id.ToString());
    }

    [Fact]
    public async Task Resume_UnknownOrWithFields_IsRefused()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        string id = await service.StartEmulationAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await service.PostAsync($"/emulator/{Guid.Empty}/resume", null)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.PostAsync($"/emulator/{id}/resume", """{"rows": 5}""")).Status);
    }

    [Fact]
    public async Task Resume_CancelledWhileItDelivered_DeliversTheRestOnce()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        string id = await CancelWithRowsAsync(service, Million.Replace("1000000, \"max", "150000, \"max", StringComparison.Ordinal));
        await RunAsync(service, "/pipelines/runs", """{"select": "silver.transactions"}""");

        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync($"/emulator/{id}/resume", null)).Status);

        JsonNode ended = await service.WaitForAsync(id, "completed");
        Assert.Equal(150_000, (long)ended["progress"]!["rows"]!);
        await RunAsync(service, "/pipelines/runs", """{"select": "silver.transactions"}""");
        JsonNode audit = await RunAsync(service, "/audits", """{"layers": ["raw", "bronze"], "require_complete": true}""");
        Assert.True((bool)audit["findings"]!["clean"]!, audit["findings"]!.ToJsonString());
        Assert.Equal(150_000, (long)audit["findings"]!["tables"]!.AsArray().Single(table => (string)table!["table"]! == "bronze.transactions")!["counts"]!["found"]!);
    }

    [Fact]
    public async Task Resume_RowsTakenMeanwhile_IsAConflictThatNamesWhoHasThem()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        string id = await CancelWithRowsAsync(service, Million);
        string other = await service.StartEmulationAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 10}""");
        await service.WaitForAsync(other, "completed");

        RunningService.Answer answer = await service.PostAsync($"/emulator/{id}/resume", null);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        JsonNode holder = answer.Json["taken_by"]!;
        Assert.Equal((other, "completed", 10, $"/emulator/{other}"), ((string)holder["id"]!, (string)holder["status"]!, (int)holder["rows"]!, (string)holder["link"]!));
        Assert.Equal("cancelled", (string)(await service.GetAsync($"/emulator/{id}")).Json["status"]!);
        Assert.Equal((long)holder["first_row"]! + 10, (long)answer.Json["next_row"]!);
    }

    [Fact]
    public async Task Resume_RowsOfOneThatNeverBeganTakenMeanwhile_IsAConflict()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync(Million);
        await runner.NextAsync();
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        await service.WaitForAsync(id, "cancelled");
        Guid other = new("8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f");
        RangeClaims claims = new(await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken), "transaction");
        await claims.ClaimAsync(new RangeClaim(other, 5, 1), TestContext.Current.CancellationToken);

        RunningService.Answer answer = await service.PostAsync($"/emulator/{id}/resume", null);

        Assert.Equal((HttpStatusCode.Conflict, other.ToString(), "unknown"), (answer.Status, (string?)answer.Json["taken_by"]!["id"], (string?)answer.Json["taken_by"]!["status"]));
    }

    /// <summary>Ends a cancelled run only when it is told to.</summary>
    private sealed class StubbornRunner : IEmulationRunner
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Yield() => _done.TrySetResult();

        public Task RunAsync(EmulationRecord emulation, EmulationSignals signals, IProgress<EmulationAdvance> progress) => _done.Task;

        public bool IsTransient(Exception exception) => false;
    }

    private static async Task<string> CancelWithRowsAsync(RunningService service, string body)
    {
        string id = await service.StartEmulationAsync(body);
        await Eventually.HoldsAsync(async () => (long)(await service.GetAsync($"/emulator/{id}")).Json["progress"]!["rows"]! > 0, "rows are delivered");
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        await service.WaitForAsync(id, "cancelled");
        return id;
    }

    private static async Task<JsonNode> RunAsync(RunningService service, string path, string body)
    {
        RunningService.Answer started = await service.PostAsync(path, body);
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Body);
        JsonNode? task = null;
        await Eventually.HoldsAsync(async () => (string)(task = (await service.GetAsync(started.Headers.Location!.ToString())).Json)["status"]! is not ("scheduled" or "running"), $"{path} ends");
        Assert.Equal("completed", (string)task!["status"]!);
        return task;
    }
}
