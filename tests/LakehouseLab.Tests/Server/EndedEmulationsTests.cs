using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Tests.Server;

/// <summary>Emulations by their ends: what a client that follows them is told.</summary>
public sealed class EndedEmulationsTests
{
    [Fact]
    public async Task List_EndedAfter_TellsEachEndOnceInOrderAlsoAcrossRestarts()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService service = await RunningService.StartAsync(folder, runner);
        string before = await EndAsync(service, runner);
        string cursor = Cursor((await service.GetAsync("/emulator/?limit=1")).Json);
        await NothingEndedAsync(cursor, service, cursor);
        string late = await service.StartEmulationAsync();
        ControlledRunner.Run lateRun = await runner.NextAsync();
        List<string> ended = [await EndAsync(service, runner), await EndAsync(service, runner)];
        lateRun.End();
        await ToldAsync(service, late, "start");
        ended.Add(late);

        (IReadOnlyList<string> first, string second) = await EndedAsync(service, cursor);
        Assert.Equal(ended, first);
        await NothingEndedAsync(second, service, second);

        ControlledRunner next = new();
        await using RunningService restarted = await service.RestartAsync(next);
        await NothingEndedAsync(second, restarted, second);
        Assert.Equal(ended, (await EndedAsync(restarted, cursor)).Ids);
        string after = await EndAsync(restarted, next);
        Assert.Equal([after], (await EndedAsync(restarted, second)).Ids);
        Assert.Equal([before, .. ended, after], (await EndedAsync(restarted, "start")).Ids);
    }

    [Fact]
    public async Task List_EndedAfterInPages_LeavesNothingOut()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { MaxRunning = 1 });
        await service.StartEmulationAsync();
        List<string> ids = [];
        for (int i = 0; i < 7; i++)
        {
            ids.Add(await service.StartEmulationAsync());
        }

        await Task.WhenAll(ids.Select(id => service.SendAsync(HttpMethod.Delete, $"/emulator/{id}")));

        List<string> seen = [];
        string cursor = "start";
        for (int i = 0; i < 4; i++)
        {
            (IReadOnlyList<string> page, cursor) = await EndedAsync(service, cursor, "&limit=3");
            seen.AddRange(page);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal(seen, (await EndedAsync(service, "start")).Ids);
        await NothingEndedAsync(cursor, service, "start", "&status=completed");
        Assert.Equal(7, (await EndedAsync(service, "start", "&status=cancelled&limit=100")).Ids.Count);
    }

    [Fact]
    public async Task List_EndedAfterOneThatWasResumed_TellsItsNextEnd()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        await ToldAsync(service, id, "start");
        (IReadOnlyList<string> told, string cursor) = await EndedAsync(service, "start");
        Assert.Equal([id], told);
        await service.PostAsync($"/emulator/{id}/resume", null);
        await NothingEndedAsync(cursor, service, "start");

        ControlledRunner next = new();
        await using RunningService restarted = await service.RestartAsync(next);
        await NothingEndedAsync(cursor, restarted, cursor);
        (await next.NextAsync()).End();
        await ToldAsync(restarted, id, cursor);
    }

    [Fact]
    public async Task List_FewAreRemembered_TheLastEndIsNotForgotten()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxEnded = 1 });
        string oldest = await service.StartEmulationAsync();
        ControlledRunner.Run oldestRun = await runner.NextAsync();
        string forgotten = await EndAsync(service, runner);
        oldestRun.End();
        await ToldAsync(service, oldest, "start");
        await Eventually.HoldsAsync(async () => (await service.GetAsync($"/emulator/{forgotten}")).Status == HttpStatusCode.NotFound);
        (IReadOnlyList<string> told, string cursor) = await EndedAsync(service, "start");
        Assert.Equal([oldest], told);

        ControlledRunner next = new();
        await using RunningService restarted = await service.RestartAsync(next);
        string last = await EndAsync(restarted, next);

        Assert.Equal([last], (await EndedAsync(restarted, cursor)).Ids);
    }

    [Theory]
    [InlineData("", "which is not a cursor")]
    [InlineData("5", "which is not a cursor")]
    [InlineData("a-b-c", "which is not a cursor")]
    [InlineData("0123456789ab-0", "which is a cursor of another job database")]
    [InlineData("OWN-99", "which is ahead of this job database")]
    [InlineData("OWN--1", "which is not a cursor")]
    [InlineData("start&ended_after=start", "which is not a cursor")]
    public async Task List_WrongCursor_IsOneClearBadRequest(string cursor, string problem)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        string own = Cursor((await service.GetAsync("/emulator/")).Json).Split('-')[0];

        RunningService.Answer answer = await service.GetAsync($"/emulator/?ended_after={cursor.Replace("OWN", own, StringComparison.Ordinal)}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(problem, (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Contains("send the ended_cursor of an answer of GET /emulator/, or start", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.GetAsync("/emulator/?ended_after=start&cursor=5")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.GetAsync("/emulator/?ended_after=start&limit=0")).Status);
    }

    [Fact]
    public async Task Settled_EarlierEndNotDurableYet_HoldsLaterOnesBack()
    {
        EndOrder order = new("a");
        order.Restore(3);
        TaskCompletionSource slow = new();
        Task first = order.AddAsync(_ => slow.Task);
        await order.AddAsync(static _ => Task.CompletedTask);
        Assert.Equal(3, order.Settled);

        slow.SetResult();
        await first;

        Assert.Equal(5, order.Settled);
        await Assert.ThrowsAsync<IOException>(() => order.AddAsync(static _ => throw new IOException()));
        Assert.Equal(6, order.Settled);
    }

    [Fact]
    public async Task EndedAfter_EndThatCouldNotBeMadeDurable_GivesNoNumberThatIsGivenAgain()
    {
        EmulationRegistry registry = new("a");
        await registry.Ends.AddAsync(number =>
        {
            registry.Add(new EmulationJob(EmulationTurnTests.NewRecord(1).End(JobState.Cancelled, DateTimeOffset.UnixEpoch) with { EndNumber = number }, TimeProvider.System));
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<IOException>(() => registry.Ends.AddAsync(static _ => throw new IOException()));

        (IReadOnlyList<(EmulationJob Job, EmulationRecord Record)> ended, long last) = registry.EndedAfter(0, new JobPage(null, 20, long.MaxValue, null));

        Assert.Equal((1, 1), (ended.Count, last));
    }

    private static async Task<string> EndAsync(RunningService service, ControlledRunner runner)
    {
        string id = await service.StartEmulationAsync();
        (await runner.NextAsync()).End();
        await ToldAsync(service, id, "start");
        return id;
    }

    // The state of an emulation is seen just before its end has its place.
    private static Task ToldAsync(RunningService service, string id, string cursor) =>
        Eventually.HoldsAsync(async () => (await EndedAsync(service, cursor, "&limit=100")).Ids.Contains(id), $"the end of {id} is told");

    private static async Task<(IReadOnlyList<string> Ids, string Cursor)> EndedAsync(RunningService service, string cursor, string more = "")
    {
        RunningService.Answer answer = await service.GetAsync($"/emulator/?ended_after={cursor}{more}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return ([.. answer.Json["emulations"]!.AsArray().Select(emulation => (string)emulation!["id"]!)], Cursor(answer.Json));
    }

    private static async Task NothingEndedAsync(string expected, RunningService service, string cursor, string more = "")
    {
        (IReadOnlyList<string> ids, string next) = await EndedAsync(service, cursor, more);
        Assert.Empty(ids);
        Assert.Equal(expected, next);
    }

    private static string Cursor(JsonNode answer) => (string)answer["ended_cursor"]!;
}
