using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Server;

/// <summary>What stands in an emulation's way is told at the request, not by its failure later.</summary>
public sealed class StartConflictTests
{
    [Theory]
    [InlineData(""" "first_row": 50, "rows": 10 """)]
    [InlineData(""" "first_row": 0, "timeout": 60 """)]
    [InlineData(""" "from": "2026-01-01", "rows": 10 """)]
    [InlineData(""" "first_row": 99, "until": "2026-03-01" """)]
    public async Task Start_RowsThatTheLakeHas_IsAConflictThatNamesTheirEmulation(string fields)
    {
        Guid other = new("8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f");
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        await new RangeClaims(await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken), "transaction").ClaimAsync(new RangeClaim(other, 0, 100), TestContext.Current.CancellationToken);

        RunningService.Answer answer = await service.PostAsync("/emulator", $$"""{"emulator_sync": "local", "emulation_domain": "transaction", {{fields}}}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains($"emulation {other} (which has no manifest) has rows 0 to 99; state first_row next, or one from 100 on", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 100, "rows": 10}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 10}""")).Status);
    }

    [Fact]
    public async Task Start_RowsOfOneThatHasNotBegun_IsAConflictWithItsStateAndSettings()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        const string Body = """{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 1000}""";

        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.PostAsync("/emulator", Body)));

        JsonNode won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Json;
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.Matches($"emulation {won["id"]} \\((scheduled|running), json to local, rate max\\) has rows 0 to 999", (string)answer.Json["detail"]!);
        });
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{won["id"]}");
        await service.WaitForAsync((string)won["id"]!, "cancelled");
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", Body)).Status);
    }

    [Theory]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 3000}""", "")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 3000, "timeout": 60, "rate": "500/s"}""", "")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 2999}""", "rows")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 2999, "timeout": 60}""", "rows,rate,timeout")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 3000, "format_type": "csv", "compression": "gzip"}""", "format_type,compression")]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "first_row": 0, "rows": 3000}""", "emulator_sync,flush_interval,compression,headers,topic")]
    public async Task Start_RowsOfACompletedEmulation_TellsInWhatItDiffers(string body, string differences)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        string id = await service.StartEmulationAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 3000}""");
        await service.WaitForAsync(id, "completed");

        RunningService.Answer answer = await service.PostAsync("/emulator", body);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        JsonNode holder = answer.Json["taken_by"]!;
        Assert.Equal((id, "completed", 0, 3000, $"/emulator/{id}"), ((string)holder["id"]!, (string)holder["status"]!, (int)holder["first_row"]!, (int)holder["rows"]!, (string)holder["link"]!));
        Assert.Equal(("local", "json", "max"), ((string)holder["settings"]!["emulator_sync"]!, (string)holder["settings"]!["format_type"]!, (string)holder["settings"]!["rate"]!));
        Assert.Equal(differences.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), holder["differs_in"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
        Assert.Equal(3000, (long)answer.Json["next_row"]!);
    }

    [Fact]
    public async Task Start_DayThatACompletedEmulationHas_IsTheSameHoweverItsRowsAreStated()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        string id = await service.StartEmulationAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "from": "2026-01-02", "until": "2026-01-03"}""");
        JsonNode ended = await service.WaitForAsync(id, "completed");
        RunningService.Answer day = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "from": "2026-01-02T00:00:00Z", "until": "2026-01-03", "threads": 2}""", ("Idempotency-Key", "another run"));
        long first = (long)day.Json["taken_by"]!["first_row"]!;
        RunningService.Answer rows = await service.PostAsync("/emulator", $$"""{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": {{first}}, "rows": {{ended["progress"]!["rows"]}}}""");

        Assert.All([day, rows], answer => Assert.Equal((HttpStatusCode.Conflict, id, "[]"), (answer.Status, (string)answer.Json["taken_by"]!["id"]!, answer.Json["taken_by"]!["differs_in"]!.ToJsonString())));
    }

    [Theory]
    [InlineData("completed", 3000, "")]
    [InlineData("completed", 2000, "rows")]
    [InlineData("cancelled", 2000, "")]
    public async Task Start_RowsOfAnEmulationOfTheCommandLine_TellsWhatItsManifestSays(string state, long delivered, string differences)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        Guid other = new("8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f");
        CancellationToken token = TestContext.Current.CancellationToken;
        Lake lake = await Lake.OpenAsync(folder.Combine("lake"), token);
        await new RangeClaims(lake, "transaction").ClaimAsync(new RangeClaim(other, 0, delivered), token);
        await new ManifestStore(lake.Store).PutAsync(
            new Manifest(other, new WorldSettings { Users = 500 }, "transaction", "json", "none", true, SyncSystem.Local, [new ManifestRange(0, delivered)], Enum.Parse<EmulationState>(state, ignoreCase: true), delivered, 1, 1) { Rows = 3000 }, token);

        RunningService.Answer answer = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 3000}""");

        JsonNode holder = answer.Json["taken_by"]!;
        Assert.Equal((HttpStatusCode.Conflict, state, delivered), (answer.Status, (string)holder["status"]!, (long)holder["rows"]!));
        Assert.Equal(differences, string.Join(',', holder["differs_in"]!.AsArray().Select(name => (string)name!)));
        Assert.Null(holder["link"]);
    }

    [Fact]
    public async Task Start_RowsOfACancelledEmulation_IsTheSameByWhatItWasAskedFor()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        const string Body = """{"emulator_sync": "local", "emulation_domain": "transaction", "first_row": 0, "rows": 1000000, "max_chunk_size": 100000, "rate": "20000/s"}""";
        string id = await service.StartEmulationAsync(Body);
        await Eventually.HoldsAsync(async () => (long)(await service.GetAsync($"/emulator/{id}")).Json["progress"]!["rows"]! > 0, "rows are delivered");
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{id}");
        long delivered = (long)(await service.WaitForAsync(id, "cancelled"))["progress"]!["rows"]!;

        JsonNode holder = (await service.PostAsync("/emulator", Body)).Json["taken_by"]!;

        Assert.Equal((id, "cancelled", delivered, "[]"), ((string)holder["id"]!, (string)holder["status"]!, (long)holder["rows"]!, holder["differs_in"]!.ToJsonString()));
    }

    [Fact]
    public async Task Start_TopicThatHoldsAnotherDomain_IsAWrongField()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", """{"emulator_sync": "kafka", "emulation_domain": "transaction", "topic": "transactions-a"}""")).Status);

        RunningService.Answer other = await service.PostAsync("/emulator", """{"emulator_sync": "kafka", "emulation_domain": "user-profile", "topic": "transactions-a"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.StartsWith("'transactions-a' holds transaction records of this lake", (string)other.Json["errors"]!["topic"]![0]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", """{"emulator_sync": "kafka", "emulation_domain": "transaction", "topic": "transactions-a"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", """{"emulator_sync": "kafka", "emulation_domain": "user-profile"}""")).Status);
    }
}
