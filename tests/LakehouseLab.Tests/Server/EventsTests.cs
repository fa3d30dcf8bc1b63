using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Server.Settings;
using LakehouseLab.World.Requests;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.Server;

/// <summary>Jobs as server-sent events: what a client that follows one is told, and how that ends.</summary>
public sealed class EventsTests
{
    [Fact]
    public async Task Watch_EmulationThatFails_TellsTheReasonLast()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        using Stream events = await OpenAsync(service, $"/emulator/{id}/events");

        run.Fail(new InvalidRequestException("the topic was deleted"));

        JsonNode last = (await ReadAsync(events))[^1];
        Assert.Equal(("failed", "the topic was deleted"), ((string)last["status"]!["global_status"]!, (string)last["status"]!["reason"]!));
    }

    [Fact]
    public async Task Watch_EmulationThatIsCancelled_TellsItLast()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();
        using Stream events = await OpenAsync(service, $"/emulator/{id}/events");

        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");

        Assert.Equal("cancelled", (string)(await ReadAsync(events))[^1]["status"]!["global_status"]!);
    }

    [Fact]
    public async Task Watch_StateChanges_IsToldThoughNoTimePasses()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { Clock = clock });
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        using Stream events = await OpenAsync(service, $"/emulator/{id}/events");

        run.End();

        Assert.Equal("completed", (string)(await ReadAsync(events))[^1]["status"]!["global_status"]!);
    }

    [Fact]
    public async Task Watch_NothingHappens_ShowsThatTheConnectionLives()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { Clock = clock });
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();
        using StreamReader events = new(await OpenAsync(service, $"/emulator/{id}/events"));
        Assert.Equal("event: status", await events.ReadLineAsync(TestContext.Current.CancellationToken));
        await events.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await events.ReadLineAsync(TestContext.Current.CancellationToken));

        Task<string?> next = events.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(next.IsCompleted);
            },
            "a comment comes");

        Assert.Equal(":", await next);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("\"; DROP TABLE jobs; --")]
    public async Task Watch_LastEventId_BeginsWithThePresentAllTheSame(string lastEventId)
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        (await runner.NextAsync()).End();
        await service.WaitForAsync(id, "completed");

        using Stream events = await OpenAsync(service, $"/emulator/{id}/events", lastEventId);

        Assert.Equal("completed", (string)Assert.Single(await ReadAsync(events))["status"]!["global_status"]!);
    }

    [Theory]
    [InlineData("/pipelines/runs", "report")]
    [InlineData("/audits", "findings")]
    public async Task Watch_RunOrAudit_TellsItsDocumentUntilItsEnd(string path, string result)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        string place = (await service.PostAsync(path, "{}")).Headers.Location!.ToString();

        using Stream events = await OpenAsync(service, $"{place}/events");

        List<JsonNode> told = await ReadAsync(events);
        Assert.All(told.SkipLast(1), document => Assert.Contains((string)document["status"]!, new[] { "scheduled", "running" }));
        Assert.Equal("completed", (string)told[^1]["status"]!);
        Assert.NotNull(told[^1][result]);
        Assert.True(JsonNode.DeepEquals((await service.GetAsync(place)).Json, told[^1]), told[^1].ToJsonString());
    }

    [Theory]
    [InlineData("/pipelines/runs")]
    [InlineData("/audits")]
    public async Task Watch_RunOrAuditThatIsCancelledWhileItWaits_TellsItLast(string path)
    {
        using TemporaryFolder folder = new();
        using ManualResetEventSlim release = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { LoadModels = () => LoadModels(options) });

        // One works at a time: what comes after it waits.
        await service.PostAsync("/pipelines/runs", "{}");
        string place = (await service.PostAsync(path, "{}")).Headers.Location!.ToString();
        using Stream events = await OpenAsync(service, $"{place}/events");
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Delete, place)).Status);
        release.Set();

        Assert.Equal("cancelled", (string)(await ReadAsync(events))[^1]["status"]!);

        ModelCatalog LoadModels(ServiceOptions options)
        {
            release.Wait(TestContext.Current.CancellationToken);
            return options.LoadModels();
        }
    }

    [Fact]
    public async Task Watch_RunThatFails_TellsWhyLast()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { LoadModels = static () => throw new InvalidRequestException("models/own.sql: line 1: it has no header") });
        string place = (await service.PostAsync("/pipelines/runs", "{}")).Headers.Location!.ToString();

        using Stream events = await OpenAsync(service, $"{place}/events");

        JsonNode last = (await ReadAsync(events))[^1];
        Assert.Equal(("failed", "models/own.sql: line 1: it has no header"), ((string)last["status"]!, (string)last["error"]!));
    }

    [Theory]
    [InlineData("/emulator")]
    [InlineData("/pipelines/runs")]
    [InlineData("/audits")]
    public async Task Watch_Unknown_IsNotFound(string path)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync($"{path}/{Guid.Empty}/events")).Status);
    }

    [Fact]
    public async Task Watch_ServiceStops_EndsWithoutAnEndedState()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        await runner.NextAsync();
        using Stream events = await OpenAsync(service, $"/emulator/{id}/events");

        Task<List<JsonNode>> read = ReadAsync(events);
        await using RunningService again = await service.RestartAsync(new ControlledRunner());

        Assert.All(await read, document => Assert.Equal("running", (string)document["status"]!["global_status"]!));
    }

    private static async Task<Stream> OpenAsync(RunningService service, string path, string? lastEventId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        HttpResponseMessage response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
    }

    // The documents until the stream ends.
    private static async Task<List<JsonNode>> ReadAsync(Stream events)
    {
        // Far longer than a busy machine needs: it ends a test that would otherwise wait for ever.
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using StreamReader reader = new(events);
        List<JsonNode> documents = [];
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                documents.Add(JsonNode.Parse(line["data: ".Length..])!);
            }
        }

        return documents;
    }
}
