using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Server;

/// <summary>How emulations run, end, and outlive the service.</summary>
public sealed class EmulationLifeTests
{
    [Fact]
    public async Task Run_ToItsEnd_IsCompletedWithItsCounts()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        run.Deliver(1234);
        JsonNode status = (await service.GetAsync($"/emulator/{id}/status")).Json;
        Assert.Equal(("running", "running", 1234), ((string)status["status"]!["global_status"]!, (string)status["status"]!["threads"]!["0"]!, (int)status["progress"]!["rows"]!));

        run.End();

        JsonNode ended = await service.WaitForAsync(id, "completed");
        Assert.Equal((1234, 1, "2026-01-01T00:00:00.000Z"), ((int)ended["progress"]!["rows"]!, (int)ended["chunks"]!, (string)ended["progress"]!["event_time"]!));
        Assert.NotNull(ended["ended_at"]);
    }

    [Fact]
    public async Task Run_Fails_TellsTheReason()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();

        (await runner.NextAsync()).Fail(new InvalidRequestException("rows 0 to 9 are taken"));

        Assert.Equal("rows 0 to 9 are taken", (string)(await service.WaitForAsync(id, "failed"))["error"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/emulator/{id}/complete", null)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}")).Status);
    }

    [Fact]
    public async Task Complete_RepeatedAndAtOnce_IsHarmless()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();

        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.PostAsync($"/emulator/{id}/complete", null)));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted }));
        await service.WaitForAsync(id, "completed");
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync($"/emulator/{id}/complete", "{}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}")).Status);
    }

    [Fact]
    public async Task Complete_WithPipeline_StartsOneRunThatFollows()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();

        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.PostAsync($"/emulator/{id}/complete", """{"pipeline": true}""")));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Accepted, answers[0].Headers.Location), (answer.Status, answer.Headers.Location)));
        Assert.Single((JsonArray)(await service.GetAsync("/pipelines/runs")).Json["runs"]!);
        await Eventually.HoldsAsync(async () => (string)(await service.GetAsync(answers[0].Headers.Location!.ToString())).Json["status"]! is not ("scheduled" or "running"));

        Assert.Equal("completed", (string)(await service.GetAsync(answers[0].Headers.Location!.ToString())).Json["status"]!);
    }

    [Fact]
    public async Task Cancel_InEveryState_EndsIt()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxRunning = 1 });
        string running = await service.StartEmulationAsync();
        await runner.NextAsync();
        string scheduled = await service.StartEmulationAsync();

        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Delete, $"/emulator/{scheduled}")).Status);
        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.SendAsync(HttpMethod.Delete, $"/emulator/{running}")));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.Accepted }));
        await service.WaitForAsync(running, "cancelled");
        await service.WaitForAsync(scheduled, "cancelled");
        Assert.Equal(HttpStatusCode.Conflict, (await service.PostAsync($"/emulator/{running}/complete", null)).Status);
        Assert.Equal(1, runner.Begun);
    }

    [Fact]
    public async Task Events_UntilItEnds_TellEveryState()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        using HttpResponseMessage response = await service.Client.GetAsync($"/emulator/{id}/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using StreamReader events = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("event: status", await events.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Contains("\"running\"", await events.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        run.End();

        string rest = await events.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"global_status\":\"completed\"", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_ScheduledAndRunning_GoOnAsTheyWere()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService first = await RunningService.StartAsync(folder, runner, options => options with { MaxRunning = 1 });
        string running = (string)(await first.PostAsync("/emulator", RunningService.Curl, ("Idempotency-Key", "k"))).Json["id"]!;
        ControlledRunner.Run run = await runner.NextAsync();
        run.Deliver(777);
        string scheduled = await first.StartEmulationAsync();
        string ended = await first.StartEmulationAsync();
        await first.SendAsync(HttpMethod.Delete, $"/emulator/{ended}");

        ControlledRunner next = new();
        await using RunningService second = await first.RestartAsync(next);

        ControlledRunner.Run[] runs = [await next.NextAsync(), await next.NextAsync()];
        ControlledRunner.Run resumed = runs.Single(run => run.Emulation.Id.ToString() == running);
        Assert.Equal((777, run.Signals.Deadline), (resumed.Emulation.Counts.Rows, resumed.Signals.Deadline));
        Assert.Contains(runs, run => run.Emulation.Id.ToString() == scheduled);
        Assert.Equal("cancelled", (string)(await second.GetAsync($"/emulator/{ended}")).Json["status"]!);
        Assert.Equal(running, (string)(await second.PostAsync("/emulator", RunningService.Curl, ("Idempotency-Key", "k"))).Json["id"]!);
    }

    [Fact]
    public async Task List_InPages_ShowsEachOnceNewestFirst()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        List<string> ids = [];
        for (int i = 0; i < 7; i++)
        {
            ids.Add(await service.StartEmulationAsync());
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            JsonNode page = (await service.GetAsync($"/emulator/?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            seen.AddRange(((JsonArray)page["emulations"]!).Select(emulation => (string)emulation!["id"]!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        ids.Reverse();
        Assert.Equal(ids, seen);
        Assert.Empty((JsonArray)(await service.GetAsync("/emulator?status=failed")).Json["emulations"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.GetAsync("/emulator?limit=1000&page=2&status=done")).Status);
        Assert.Equal(["limit", "status"], ((JsonObject)(await service.GetAsync("/emulator?limit=&status")).Json["errors"]!).Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_MoreEndedThanAreRemembered_ForgetsTheOldest()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxEnded = 2 });
        List<string> ids = [];
        for (int i = 0; i < 4; i++)
        {
            ids.Add(await service.StartEmulationAsync());
            (await runner.NextAsync()).End();
            await service.WaitForAsync(ids[i], "completed");
        }

        await Eventually.HoldsAsync(async () => (await service.GetAsync($"/emulator/{ids[1]}")).Status == HttpStatusCode.NotFound);

        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync($"/emulator/{ids[0]}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync($"/emulator/{ids[3]}")).Status);
    }

    [Fact]
    public async Task Stop_RunThatHangs_IsLeftBehindAndGoesOnLater()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new(hangs: true);
        RunningService first = await RunningService.StartAsync(folder, runner, options => options with { StopTime = TimeSpan.FromMilliseconds(50) });
        string id = await first.StartEmulationAsync();
        ControlledRunner.Run hung = await runner.NextAsync();

        ControlledRunner next = new();
        await using RunningService second = await first.RestartAsync(next);
        hung.End();

        Assert.Equal(id, (await next.NextAsync()).Emulation.Id.ToString());
        Assert.Equal("running", (string)(await second.GetAsync($"/emulator/{id}")).Json["status"]!);
    }
}
