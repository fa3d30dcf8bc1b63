using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

/// <summary>A table that cannot be read is told with its reason, and does not hide the others.</summary>
public sealed class UnreadableTableTests
{
    private const int SystemFailed = 3;
    private const string Reason = "silver/transactions/_delta_log/00000000000000000001.json, line 1, is damaged";

    [Theory]
    [InlineData("tables")]
    [InlineData("pipeline list")]
    [InlineData("pipeline plan")]
    [InlineData("optimize")]
    [InlineData("vacuum")]
    public async Task Command_OneTableIsDamaged_TellsItAndGoesOn(string command)
    {
        using TemporaryFolder folder = await DamagedAsync();
        CommandRun run = await CommandRun.OfAsync([.. command.Split(' '), "--lake", folder.Path]);
        Assert.Equal(SystemFailed, run.Code);
        string[] lines = run.Words.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("lakelab: ", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains(Reason, line, StringComparison.Ordinal));

        // What a table's files are still needed for is not known while the one that reads them cannot be read.
        Assert.Equal(command == "vacuum" ? ["bronze.transactions is left as it is", ""] : [""], lines.Select(line => line.Contains("bronze.transactions is left", StringComparison.Ordinal) ? "bronze.transactions is left as it is" : ""));
        Assert.Contains(command switch { "optimize" => "FAILED", "vacuum" => "quarantine", _ => "transactions" }, run.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_OneTableIsDamaged_ListsTheFiguresOfTheOthers()
    {
        using TemporaryFolder folder = await DamagedAsync();
        CommandRun run = await CommandRun.OfAsync(["tables", "--json", "--lake", folder.Path]);
        using JsonDocument json = JsonDocument.Parse(run.Data);
        JsonElement[] tables = [.. json.RootElement.EnumerateArray()];
        JsonElement damaged = tables.Single(table => table.GetProperty("table").GetString() == "silver.transactions");
        Assert.Equal(JsonValueKind.Null, damaged.GetProperty("rows").ValueKind);
        Assert.Contains(Reason, damaged.GetProperty("error").GetString(), StringComparison.Ordinal);
        JsonElement bronze = tables.Single(table => table.GetProperty("table").GetString() == "bronze.transactions");
        Assert.Equal(300, bronze.GetProperty("rows").GetInt64());
        Assert.False(bronze.TryGetProperty("error", out _));
        Assert.True(bronze.GetProperty("last_change").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task Plan_InputIsDamaged_SkipsWhatDependsOnItAndPlansTheRest()
    {
        using TemporaryFolder folder = await DamagedAsync();
        CommandRun run = await CommandRun.OfAsync(["pipeline", "plan", "--json", "--lake", folder.Path]);
        using JsonDocument json = JsonDocument.Parse(run.Data);
        Dictionary<string, JsonElement> tables = json.RootElement.EnumerateArray().ToDictionary(table => table.GetProperty("table").GetString()!);
        Assert.Contains(Reason, tables["silver.transactions"].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("silver.transactions would fail", tables["silver.transactions_daily"].GetProperty("reason").GetString());
        Assert.Equal("silver.transactions_daily would fail", tables["gold.daily_spend"].GetProperty("reason").GetString());
        Assert.Equal("nothing is new", tables["silver.device_logs"].GetProperty("reason").GetString());
        Assert.False(tables["bronze.transactions"].TryGetProperty("error", out _));
    }

    private static async Task<TemporaryFolder> DamagedAsync()
    {
        TemporaryFolder folder = new();
        string[] lake = ["--lake", folder.Path, "--threads", "1"];
        Assert.Equal(0, (await CommandRun.OfAsync(["emulate", "transaction", "--rows", "300", "--users", "100", "-q", .. lake])).Code);
        Assert.Equal(0, (await CommandRun.OfAsync(["pipeline", "run", "--select", "silver.transactions", .. lake])).Code);
        await File.WriteAllTextAsync(folder.Combine("silver/transactions/_delta_log/00000000000000000001.json"), "{", TestContext.Current.CancellationToken);
        return folder;
    }
}
