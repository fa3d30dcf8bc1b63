using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LakehouseLab.Tests.Server;

/// <summary>What operators written for the original service send and read: six fields, and the status until it says completed.</summary>
public sealed class ExistingClientTests
{
    // The fields of EmulationScheduledDTO that such clients read.
    private static readonly string[] s_read = ["id", "emulator_sync", "emulation_domain", "timeout", "format_type", "sync_type", "max_chunk_size"];

    [Theory]
    [InlineData("user-profile", "json", "chunked")]
    [InlineData("transaction", "csv", "grouped")]
    [InlineData("device-log", "parquet", "chunked")]
    public async Task StartAndPoll_AsTheOriginalOperator_EndsWithRecordsThere(string domain, string format, string sync)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        JsonObject request = new() { ["emulator_sync"] = "local", ["emulation_domain"] = domain, ["timeout"] = 1, ["format_type"] = format, ["sync_type"] = sync, ["max_chunk_size"] = 65_536 };

        using HttpResponseMessage started = await service.Client.PostAsync(new Uri("/emulator/", UriKind.Relative), Body(request), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        JsonNode scheduled = JsonNode.Parse(await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.All(s_read, field => Assert.NotNull(scheduled[field]));
        Assert.All(request, field => Assert.True(JsonNode.DeepEquals(field.Value, scheduled[field.Key]), field.Key));
        string[] states = await PollAsync(service, (string)scheduled["id"]!);
        Assert.Equal("completed", states[^1]);
        Assert.All(states.SkipLast(1), state => Assert.Contains(state, new[] { "scheduled", "running" }));
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Combine($"lake/raw/{domain}"), $"*.{format}", SearchOption.AllDirectories));
    }

    // The state of the whole and of each thread, as such clients see them.
    private static async Task<string[]> PollAsync(RunningService service, string id)
    {
        List<string> states = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                using JsonDocument answer = JsonDocument.Parse(await service.Client.GetStringAsync($"/emulator/{id}/status", TestContext.Current.CancellationToken));
                Assert.Equal(id, answer.RootElement.GetProperty("id").GetString());
                JsonElement status = answer.RootElement.GetProperty("status");
                string state = status.GetProperty("global_status").GetString()!;
                Assert.Equal(state, status.GetProperty("threads").GetProperty("0").GetString());
                states.Add(state);
                return state is "completed" or "failed";
            },
            "the status says that it has ended");
        return [.. states];
    }

    private static StringContent Body(JsonObject request) => new(request.ToJsonString(), Encoding.UTF8, "application/json");
}
