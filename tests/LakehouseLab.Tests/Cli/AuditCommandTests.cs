using System.Text.Json;
using LakehouseLab.Tests.Audit;

namespace LakehouseLab.Tests.Cli;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task Audit_CleanThenTamperedLake_SaysSoByWordsJsonAndCode()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 200);
        CommandRun clean = await CommandRun.OfAsync(["audit", "--lake", lake.Folder]);
        Assert.Equal(0, clean.Code);
        Assert.Contains("✓  raw     raw/transaction", clean.Data, StringComparison.Ordinal);
        Assert.Contains("behind by 200", clean.Data, StringComparison.Ordinal);

        lake.ChangeLines("transaction", 0, lines => lines.RemoveAt(3));
        CommandRun tampered = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, "--layers", "raw"]);
        Assert.Equal(1, tampered.Code);
        Assert.Contains("missing: row 3 ", tampered.Data, StringComparison.Ordinal);
        CommandRun json = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, "--layers", "raw", "--json", "--quiet"]);
        using JsonDocument document = JsonDocument.Parse(json.Data);
        Assert.False(document.RootElement.GetProperty("clean").GetBoolean());
        JsonElement finding = document.RootElement.GetProperty("tables")[0].GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("records").GetInt64() > 0);
        Assert.Equal((3, "missing", "transaction"), (finding.GetProperty("row").GetInt64(), finding.GetProperty("kind").GetString(), finding.GetProperty("domain").GetString()));
    }

    [Fact]
    public async Task Audit_CannotGoOn_SaysSoInJsonToo()
    {
        CommandRun run = await CommandRun.OfAsync("audit --lake /nowhere/lake --json");
        Assert.Equal(2, run.Code);
        using JsonDocument document = JsonDocument.Parse(run.Data);
        Assert.False(document.RootElement.GetProperty("clean").GetBoolean());
        Assert.Equal("request", document.RootElement.GetProperty("fault").GetProperty("kind").GetString());
        Assert.Contains("has no world yet", document.RootElement.GetProperty("fault").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --lake /nowhere/lake --json --sample 2/3", "--sample: '2/3' is not a share of the users")]
    [InlineData("audit --lake /nowhere/lake --json --layer raw", "--layer is not a flag of lakelab audit; did you mean --layers?")]
    public async Task Audit_WrongFlag_SaysSoInJsonToo(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Data);
        Assert.Contains(expected, document.RootElement.GetProperty("fault").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_TablesBehind_CountsAgainstTheLakeOnlyWhenAsked()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 200);
        CommandRun asked = await CommandRun.OfAsync(["audit", "--lake", lake.Folder, "--require-complete", "--json"]);
        Assert.Equal(1, asked.Code);
        using JsonDocument document = JsonDocument.Parse(asked.Data);
        Assert.Equal("behind", document.RootElement.GetProperty("verdicts")[0].GetString());
        Assert.Contains("lakelab pipeline run", document.RootElement.GetProperty("tables").EnumerateArray().Single(table => table.GetProperty("table").GetString() == "bronze.transactions").GetProperty("behind").GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --lake /nowhere/lake", "has no world yet")]
    [InlineData("audit --layers raw,sliver", "--layers: 'raw,sliver' has 'sliver', which is none of lake, raw, topic, bronze, silver, gold; did you mean silver?")]
    [InlineData("audit --emulation 12", "--emulation: '12' is not an emulation")]
    public async Task Audit_WrongRequest_SaysSoInOneLine(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal((2, ""), (run.Code, run.Data));
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
    }
}
