using System.Text;
using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

public sealed class QuarantineCommandTests
{
    private const string Repaired = """{"transaction_id":"0000abc0-0000-0000-0000-000000000001","user_id":7,"amount":12.5,"currency":"EUR","merchant":"Oak","timestamp":"2026-03-29T01:30:00Z","location":"Wien, AT"}""";

    [Fact]
    public async Task Quarantine_ListShowReplay_RepairsARecord()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Combine("lake/raw/transaction"));
        await File.WriteAllBytesAsync(folder.Combine("lake/raw/transaction/a.json"), [.. "gar\u001bbage\n"u8, 0xff, (byte)'\n'], TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync(folder, "pipeline", "run", "--select", "silver.transactions")).Code);

        CommandRun listed = await RunAsync(folder, "quarantine", "list", "--reason", "utf", "--json");
        using JsonDocument listing = JsonDocument.Parse(listed.Data);
        JsonElement record = Assert.Single(listing.RootElement.GetProperty("records").EnumerateArray());
        Assert.Equal((1, "/w=="), (listing.RootElement.GetProperty("total").GetInt64(), record.GetProperty("payload_bytes").GetString()));
        Assert.Contains(@"payload    \xff", (await RunAsync(folder, "quarantine", "show", record.GetProperty("id").GetString()!)).Data, StringComparison.Ordinal);

        CommandRun table = await RunAsync(folder, "quarantine", "list", "--reason", "json");
        Assert.Contains("raw/transaction/a.json line 1  not one JSON object", table.Data, StringComparison.Ordinal);
        string id = table.Data.Split('\n')[1][..32];
        Assert.Contains(@"gar\u001bbage", (await RunAsync(folder, "quarantine", "show", id)).Data, StringComparison.Ordinal);
        Assert.Equal("gar\u001bbage", (await RunAsync(folder, "quarantine", "show", id, "--payload-only")).Data);

        CommandRun refused = await RunAsync(folder, "quarantine", "replay", id, "--payload", "repaired.json");
        Assert.Equal(2, refused.Code);
        Assert.Contains("cannot be read", refused.Words, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Combine("repaired.json"), Repaired + "\n", TestContext.Current.CancellationToken);
        CommandRun replayed = await RunAsync(folder, "quarantine", "replay", id[..8], "--payload", "repaired.json");
        Assert.Equal((0, $"quarantine/{id} is in batch 1 of bronze.transactions\n"), (replayed.Code, replayed.Data));
        CommandRun again = await CommandRun.OfAsync(["quarantine", "replay", id, "--payload", "-", "--json", "--lake", folder.Combine("lake")], folder.Path, input: Encoding.UTF8.GetBytes(Repaired));
        Assert.Contains("\"already_replayed\": true", again.Data, StringComparison.Ordinal);
        Assert.Contains("batch 1", (await RunAsync(folder, "quarantine", "list")).Data, StringComparison.Ordinal);
        Assert.Contains($"quarantine/{id}, batch 1", (await RunAsync(folder, "quarantine", "show", id)).Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quarantine list --table silver.transaction", "silver.transactions")]
    [InlineData("quarantine show 0123", "no quarantine yet")]
    [InlineData("quarantine replay 0123", "--payload is missing")]
    public async Task Quarantine_WrongRequest_SaysWhatIsAllowed(string line, string told)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await RunAsync(folder, line.Split(' '));
        Assert.Equal(2, run.Code);
        Assert.Contains(told, run.Words, StringComparison.Ordinal);
    }

    private static Task<CommandRun> RunAsync(TemporaryFolder folder, params string[] arguments) => CommandRun.OfAsync([.. arguments, "--lake", folder.Combine("lake")], folder.Path);
}
