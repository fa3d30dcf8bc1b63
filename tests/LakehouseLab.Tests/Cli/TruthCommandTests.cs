using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

public sealed class TruthCommandTests
{
    [Fact]
    public async Task Truth_OfAnEmulation_AgreesWithTheLabelsOfItsRecords()
    {
        using TemporaryFolder folder = new();
        string lake = folder.Combine("lake");
        CommandRun emulated = await CommandRun.OfAsync(["emulate", "transaction", "--rows", "20k", "--first-row", "100k", "--lake", lake, "--json"]);
        Assert.Equal(0, emulated.Code);
        using JsonDocument report = JsonDocument.Parse(emulated.Data);
        string emulation = report.RootElement.GetProperty("domains")[0].GetProperty("emulations")[0].GetString()!;

        CommandRun run = await CommandRun.OfAsync(["truth", "--emulation", emulation, "--lake", lake]);
        Assert.Equal((0, ""), (run.Code, run.Words));
        string[] frauds = [.. run.Data.TrimEnd('\n').Split('\n').Where(line => line.Contains("\"is_fraud\":true", StringComparison.Ordinal)).Select(line => Text(line, "record_id"))];
        IEnumerable<string> labelled = Directory.EnumerateFiles(Path.Combine(lake, "raw", "transaction"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains("\"is_fraud\":true", StringComparison.Ordinal))
            .Select(line => Text(line, "transaction_id"));
        Assert.NotEmpty(frauds);
        Assert.Equal(labelled, frauds);
    }

    [Fact]
    public async Task Truth_AsCsv_SaysTheSameAsJson()
    {
        CommandRun json = await CommandRun.OfAsync("truth transaction --rows 50k --lake /nowhere/lake");
        CommandRun csv = await CommandRun.OfAsync("truth transaction --rows 50k --lake /nowhere/lake --format csv");
        string[] lines = csv.Data.TrimEnd('\n').Split('\n');
        Assert.Equal("domain,row,record_id,is_fraud,rule,episode_id,fault", lines[0]);
        Assert.Equal(
            json.Data.TrimEnd('\n').Split('\n').Select(line =>
            {
                using JsonDocument row = JsonDocument.Parse(line);
                return string.Join(',', row.RootElement.EnumerateObject().Select(member => member.Value.ValueKind == JsonValueKind.Null ? "" : member.Value.ToString()));
            }),
            lines.Skip(1).Select(line => line.Replace(",true,", ",True,", StringComparison.Ordinal).Replace(",false,", ",False,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Schema_WithoutLabels_LacksThem()
    {
        CommandRun run = await CommandRun.OfAsync("schema transaction --as csv-header --labels none");
        Assert.Equal("transaction_id,user_id,amount,currency,merchant,timestamp,location\n", run.Data);
    }

    [Theory]
    [InlineData("truth transaction --format parquet", "--format: 'parquet' is not offered: allowed are json and csv")]
    [InlineData("truth --emulation 11111111-2222-8333-8444-555555555555 --rows 5", "--rows and --emulation exclude each other")]
    [InlineData("truth --emulation 11111111-2222-8333-8444-555555555555 --lake /nowhere/lake", "lake '/nowhere/lake' has no emulation 11111111")]
    [InlineData("truth transactions", "did you mean transaction?")]
    [InlineData("schema transaction --as xml", "--as: 'xml' is none of json-schema, avro, sql, csv-header")]
    public async Task RunAsync_WrongRequest_SaysSoInOneLine(string line, string expected)
    {
        CommandRun run = await CommandRun.OfAsync(line);
        Assert.Equal((2, ""), (run.Code, run.Data));
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    private static string Text(string json, string member)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(member).GetString()!;
    }
}
