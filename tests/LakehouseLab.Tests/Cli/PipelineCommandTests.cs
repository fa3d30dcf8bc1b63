using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

public sealed class PipelineCommandTests
{
    private const int Interrupted = 130;

    [Fact]
    public async Task Run_Repeated_AddsNothingAndMoreRowsAddTheRest()
    {
        using TemporaryFolder folder = new();
        string[] world = ["--users", "100", "--lake", folder.Path, "--threads", "1"];
        CommandRun first = await CommandRun.OfAsync(["run", "--rows", "2000", .. world]);
        Assert.Equal((0, ""), (first.Code, first.Words));
        Assert.Contains("nothing was lost, doubled or altered", first.Data, StringComparison.Ordinal);
        Assert.Contains("account_takeover", first.Data, StringComparison.Ordinal);

        CommandRun again = await CommandRun.OfAsync(["run", "--rows", "2000", .. world]);
        Assert.Equal(0, again.Code);
        Assert.Contains("All of it was there already", again.Data, StringComparison.Ordinal);

        CommandRun more = await CommandRun.OfAsync(["run", "--rows", "3000", "--json", .. world]);
        Assert.Equal(0, more.Code);
        using JsonDocument json = JsonDocument.Parse(more.Data);
        JsonElement transactions = json.RootElement.GetProperty("emulated").EnumerateArray().Single(domain => domain.GetProperty("domain").GetString() == "transaction");
        Assert.Equal(1000, transactions.GetProperty("made_rows").GetInt64());
        Assert.True(json.RootElement.GetProperty("audit").GetProperty("clean").GetBoolean());

        CommandRun other = await CommandRun.OfAsync(["run", "--rows", "2000", "--seed", "7", .. world]);
        Assert.Equal(2, other.Code);
        Assert.Contains("seed is 42, not 7", other.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optimize_ManySmallFiles_KeepsRowsAndFindsDuplicatesAfterwards()
    {
        using TemporaryFolder folder = new();
        string[] lake = ["--lake", folder.Path, "--threads", "1"];
        for (int first = 0; first < 3; first++)
        {
            await CommandRun.OfAsync(["emulate", "transaction", "--rows", "500", "--first-row", $"{first * 500}", "--users", "100", "-q", .. lake]);
            Assert.Equal(0, (await CommandRun.OfAsync(["pipeline", "run", "--select", "silver.transactions", .. lake])).Code);
        }

        CommandRun optimized = await CommandRun.OfAsync(["optimize", "silver.transactions", "--json", .. lake]);
        using JsonDocument json = JsonDocument.Parse(optimized.Data);
        Assert.Equal((3, 1, 1500), (Number(json, "files_before"), Number(json, "files_after"), Number(json, "rows")));

        File.Copy(Directory.GetFiles(folder.Combine("raw/transaction"), "*.json", SearchOption.AllDirectories)[0], folder.Combine("raw/transaction/again.json"));
        CommandRun again = await CommandRun.OfAsync(["pipeline", "run", "--select", "silver.transactions", "--json", .. lake]);
        using JsonDocument report = JsonDocument.Parse(again.Data);
        Assert.Equal(500, report.RootElement.GetProperty("models")[0].GetProperty("duplicates").GetInt64());

        static long Number(JsonDocument json, string name) => json.RootElement[0].GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task Run_RawFiles_ThatWaitOrChangedOrAreLeftOutAreNamed()
    {
        using TemporaryFolder folder = new();
        string[] lake = ["--select", "silver.transactions", "--threads", "1", "--lake", folder.Path];
        string raw = Directory.CreateDirectory(folder.Combine("raw/transaction")).FullName;
        await File.WriteAllTextAsync(Path.Combine(raw, "a.json"), "{}\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(raw, "x.avsc"), "{}\n", TestContext.Current.CancellationToken);
        CommandRun first = await CommandRun.OfAsync(["pipeline", "run", .. lake]);
        Assert.Equal(0, first.Code);
        Assert.Contains("x.avsc is left out", first.Words, StringComparison.Ordinal);
        Assert.Empty((await CommandRun.OfAsync(["pipeline", "run", "-q", .. lake])).Words);

        await File.AppendAllTextAsync(Path.Combine(raw, "a.json"), "{}\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(raw, "b.csv"), "nonsense\n", TestContext.Current.CancellationToken);
        CommandRun second = await CommandRun.OfAsync(["pipeline", "run", "-q", .. lake]);
        Assert.Equal(1, second.Code);
        Assert.Contains("1 raw object changed; 1 raw object waiting", second.Data, StringComparison.Ordinal);
        Assert.Contains("lakelab: raw/transaction/a.json grew from 3 to 6 bytes", second.Words, StringComparison.Ordinal);
        Assert.Contains("b.csv does not begin with the names of its columns", second.Words, StringComparison.Ordinal);
        Assert.Contains("nothing is new; 1 raw object changed; 1 raw object waiting", (await CommandRun.OfAsync(["pipeline", "plan", .. lake])).Data, StringComparison.Ordinal);
        CommandRun plan = await CommandRun.OfAsync(["pipeline", "plan", "--json", .. lake]);
        Assert.Equal(0, plan.Code);
        using JsonDocument json = JsonDocument.Parse(plan.Data);
        Assert.Equal(
            ["left_out", "changed", "waits"],
            json.RootElement[0].GetProperty("remarks").EnumerateArray().Select(remark => remark.GetProperty("state").GetString()));

        File.Delete(Path.Combine(raw, "b.csv"));
        Assert.Equal(0, (await CommandRun.OfAsync(["pipeline", "run", "--reingest", "-q", .. lake])).Code);
    }

    [Theory]
    [InlineData("pipeline run --lake nowhere", "is empty")]
    [InlineData("optimize --lake nowhere", "is empty")]
    [InlineData("pipeline run --select gold.nothing --lake nowhere", "is empty")]
    [InlineData("pipeline run --engine spark", "--remote")]
    [InlineData("pipeline run --from 2026-01-01", "--to")]
    [InlineData("pipeline compile gold.daily_spent", "gold.daily_spent")]
    [InlineData("optimize silver.transaction", "did you mean silver.transactions?")]
    [InlineData("pipeline runs -n 0", "-n")]
    [InlineData("run --rows 1e99", "--rows: '1e99'")]
    public async Task Command_WrongRequest_EndsWithOneLine(string line, string named)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal(2, run.Code);
        Assert.Contains(named, run.Words, StringComparison.Ordinal);
        Assert.Equal(1, run.Words.Count(symbol => symbol == '\n'));
        Assert.False(Directory.Exists("nowhere"));
    }

    [Fact]
    public async Task Run_Interrupted_SaysSo()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.InterruptedAsync(["run", "--rows", "1000", "--lake", folder.Path]);
        Assert.Equal(Interrupted, run.Code);
    }

    [Fact]
    public async Task Compile_Model_GivesAQueryThatRuns()
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["run", "--rows", "500", "--users", "100", "--lake", folder.Path, "--threads", "1"]);
        CommandRun compiled = await CommandRun.OfAsync("pipeline compile silver.transactions_daily");
        CommandRun rows = await CommandRun.OfAsync(["query", $"SELECT count(*) AS n FROM ({compiled.Data}) AS model", "--format", "json", "--lake", folder.Path]);
        Assert.Equal((0, ""), (rows.Code, rows.Words));
        Assert.StartsWith("""{"n":""", rows.Data, StringComparison.Ordinal);
    }
}
