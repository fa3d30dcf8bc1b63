using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Delta;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Audit;

/// <summary>What a log says of a table is audited like its rows, since readers believe it.</summary>
public sealed class TableLogAuditTests(WholeLake whole)
{
    private static readonly string[] s_tables =
        ["bronze/transactions", "silver/transactions", "silver/transactions_daily", "silver/user_profiles_history", "gold/device_activity", "gold/fraud_features", "reference/fx_rates"];

    public static TheoryData<string> Tables => [.. s_tables];

    [Theory]
    [InlineData("silver/transactions", "minValues", "amount", "5000000", "least value")]
    [InlineData("silver/transactions", "maxValues", "amount", "0.5", "greatest value")]
    [InlineData("silver/transactions", "maxValues", "timestamp", "\"2026-01-01T00:00:00.000Z\"", "greatest value")]
    [InlineData("silver/transactions", "minValues", "currency", "\"EUR\"", "least value")]
    [InlineData("silver/transactions", "maxValues", "merchant", "\"B\"", "greatest value")]
    [InlineData("silver/transactions", "maxValues", "_offset", "3", "greatest value")]
    [InlineData("silver/transactions", "nullCount", "merchant", "7", "7 nulls")]
    [InlineData("silver/user_profiles_history", "nullCount", "updated_at", "0", "0 nulls")]
    [InlineData("silver/user_profiles_history", "minValues", "date_of_birth", "\"2020-01-01\"", "least value")]
    [InlineData("bronze/transactions", "minValues", "_source", "\"zzz\"", "least value")]
    [InlineData("bronze/transactions", "maxValues", "_ingested_at", "\"2020-01-01T00:00:00.000Z\"", "greatest value")]
    [InlineData("gold/daily_spend", "maxValues", "day", "\"2020-01-01\"", "greatest value")]
    [InlineData("gold/fraud_features", "minValues", "payments_30d", "999999", "least value")]
    [InlineData("gold/fraud_features", "nullCount", "is_remote", "1", "1 nulls")]
    [InlineData("reference/fx_rates", "maxValues", "usd_rate", "0.01", "greatest value")]
    public async Task RunAsync_StatisticsDoNotBound_NamesColumnAndBothBounds(string table, string kind, string column, string value, string found)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeStatistics(lake, table, statistics => statistics[kind]![column] = JsonNode.Parse(value));
        TableAudit audit = await lake.FindAsync(table.Replace('/', '.'));
        Assert.NotEmpty(audit.Findings);
        Assert.All(audit.Findings, finding => Assert.Equal((FindingKind.Altered, column, 0L), (finding.Kind, finding.Column, finding.Records)));
        Assert.All(audit.Findings, finding => Assert.StartsWith(found, finding.Found, StringComparison.Ordinal));
        Assert.All(audit.Findings, finding => Assert.NotNull(finding.Remedy));
    }

    [Theory]
    [InlineData("silver/transactions", "timestamp", "\"2030-01-01T00:00:00.000+02:00\"")]
    [InlineData("silver/transactions", "merchant", "\"\U0010FFFF\"")]
    [InlineData("silver/transactions", "amount", "1e9")]
    public async Task RunAsync_StatisticsBoundMoreWidely_IsClean(string table, string column, string value)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeStatistics(lake, table, statistics => statistics["maxValues"]![column] = JsonNode.Parse(value));
        Assert.True((await lake.FindAsync(table.Replace('/', '.'))).IsClean);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task RunAsync_StatisticsAbsent_IsClean(string table)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeLog(lake, table, action =>
        {
            (action["add"] as JsonObject)?.Remove("stats");
            return action;
        });
        Assert.True((await lake.FindAsync(table.Replace('/', '.'))).IsClean);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task RunAsync_RowsListedWrongly_IsAltered(string table)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeStatistics(lake, table, statistics => statistics["numRecords"] = 1_000_000);
        Assert.All(await FindingsAsync(lake, table), finding => Assert.Equal((FindingKind.Altered, "numRecords", "1000000"), (finding.Kind, finding.Column, finding.Found)));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task RunAsync_SizeListedWrongly_IsAltered(string table)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeFirst(lake, table, "add", add => add["size"] = 17);
        Finding finding = Assert.Single(await FindingsAsync(lake, table));
        Assert.Equal((FindingKind.Altered, "size", "17"), (finding.Kind, finding.Column, finding.Found));
    }

    [Theory]
    [InlineData("bronze/transactions", "./")]
    [InlineData("silver/transactions", "%70")]
    [InlineData("silver/transactions_daily", "file")]
    [InlineData("gold/device_activity", "./")]
    [InlineData("gold/fraud_features", "%70")]
    [InlineData("reference/fx_rates", "file")]
    public async Task RunAsync_FileListedUnderAnotherSpelling_IsDuplicated(string table, string spelling)
    {
        using AuditedLake lake = await whole.CopyAsync();
        JsonObject? again = null;
        TableTampering.ChangeFirst(lake, table, "add", add => again = add.DeepClone().AsObject());
        again!["path"] = spelling switch
        {
            "./" => $"./{again["path"]}",
            "%70" => ((string)again["path"]!).Replace("part", "%70art", StringComparison.Ordinal),
            _ => $"file://{Path.Combine(lake.Folder, table, (string)again["path"]!)}",
        };
        string commit = Directory.GetFiles(Path.Combine(lake.Folder, table, "_delta_log"), "*.json").Max(StringComparer.Ordinal)!;
        await File.AppendAllTextAsync(commit, new JsonObject { ["add"] = again }.ToJsonString() + "\n", AuditedLake.Token);
        Finding finding = Assert.Single(await FindingsAsync(lake, table));
        Assert.Equal((FindingKind.Duplicated, 0L), (finding.Kind, finding.Records));
        Assert.Contains(spelling == "%70" ? "another spelling" : "lists the file twice", finding.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silver/transactions", "\\\"name\\\":\\\"amount\\\",\\\"type\\\":\\\"decimal(15,4)\\\"", "\\\"name\\\":\\\"amount\\\",\\\"type\\\":\\\"decimal(15,2)\\\"", "amount", "amount decimal(15,2)")]
    [InlineData("silver/transactions", "\\\"name\\\":\\\"currency\\\"", "\\\"name\\\":\\\"Currency\\\"", "currency", "Currency string")]
    [InlineData("bronze/transactions", "\\\"name\\\":\\\"_offset\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true", "\\\"name\\\":\\\"_offset\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":false", "_offset", "_offset long not null")]
    [InlineData("gold/customer_360", "\\\"name\\\":\\\"logins\\\",\\\"type\\\":\\\"long\\\"", "\\\"name\\\":\\\"logins\\\",\\\"type\\\":\\\"string\\\"", "logins", "logins string")]
    public async Task RunAsync_SchemaChanged_NamesColumnAndBothTypes(string table, string declared, string changed, string column, string found)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string commit = Path.Combine(lake.Folder, table, "_delta_log", "00000000000000000000.json");
        string text = await File.ReadAllTextAsync(commit, AuditedLake.Token);
        Assert.Contains(declared, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(commit, text.Replace(declared, changed, StringComparison.Ordinal), AuditedLake.Token);
        Finding finding = Assert.Single(await FindingsAsync(lake, table));
        Assert.Equal((FindingKind.Altered, column, found), (finding.Kind, finding.Column, finding.Found));
    }

    [Fact]
    public async Task RunAsync_FileListedInAnotherPartition_NamesBoth()
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeFirst(lake, "gold/daily_spend", "add", add => add["partitionValues"]!["month"] = "2031-05-01");
        TableAudit audit = await lake.FindAsync("gold.daily_spend");
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Altered, Records: 0, Column: "month", Found: "2031-05-01" });
    }

    [Fact]
    public async Task RunAsync_OptimizedAndVacuumed_IsClean()
    {
        using AuditedLake lake = await whole.CopyAsync();
        Compaction compaction = new(lake.Lake, new DuckDbOptions(1L << 30, 1), TimeProvider.System);
        foreach (TableName table in (TableName[])[new("bronze", "transactions"), new("silver", "transactions"), new("silver", "transactions_daily"), new("gold", "fraud_features")])
        {
            await compaction.RunAsync(table, 2, AuditedLake.Token);
            await Vacuum.RunAsync(new DeltaTable(lake.Lake.Store, table.Prefix), dryRun: false, new LaterTime(), AuditedLake.Token);
        }

        AuditReport report = await lake.AuditAsync();
        Assert.All(report.Tables, audit => Assert.True(audit.IsClean, $"{audit.Name}: {audit.Verdict} {string.Join(' ', audit.Findings.Select(finding => finding.Text))}"));
    }

    private static async Task<IReadOnlyList<Finding>> FindingsAsync(AuditedLake lake, string table) => (await lake.FindAsync(table.Replace('/', '.'))).Findings;

    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow().AddDays(8);
    }
}
