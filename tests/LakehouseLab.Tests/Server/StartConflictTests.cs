using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Lakes;

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
        await new RangeClaims(Lake.Open(folder.Combine("lake")), "transaction").ClaimAsync(new RangeClaim(other, 0, 100), TestContext.Current.CancellationToken);

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
