using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.World;

namespace LakehouseLab.Tests.Audit;

public sealed class GoldAuditTests(WholeLake whole)
{
    [Theory]
    [InlineData("silver/transactions_daily", "amount", "amount + 0.01", "day = (SELECT min(day) FROM this)")]
    [InlineData("silver/user_profiles", "address", "address || ' '", "user_id = 17")]
    [InlineData("gold/daily_spend", "amount", "amount - 1", "day = (SELECT max(day) FROM this)")]
    [InlineData("gold/merchant_performance", "fraud_payments", "coalesce(fraud_payments, 0) + 1", "merchant = (SELECT min(merchant) FROM this)")]
    [InlineData("gold/device_activity", "last_login", "last_login + INTERVAL 1 MILLISECOND", "user_id = (SELECT min(user_id) FROM this)")]
    [InlineData("gold/customer_360", "amount_usd", "amount_usd + 0.01", "user_id = 42")]
    [InlineData("gold/fraud_features", "merchant_seconds_since_tenth", "coalesce(merchant_seconds_since_tenth, 0) + 1", "user_id % 64 = 1")]
    public async Task RunAsync_SumChanged_TellsKeyAndBothValues(string table, string column, string value, string where)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, table).MaxBy(path => new FileInfo(path).Length)!;
        long rows = TableTampering.Read<long>(file, $"SELECT count(*) FROM this WHERE {where}");
        TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN {where} THEN {value} ELSE {column} END AS {column}) FROM this");
        TableAudit audit = await lake.FindAsync(table.Replace('/', '.'));
        Assert.True(rows > 0);
        Assert.Equal((0, 0, rows, 0), (audit.Counts.Missing, audit.Counts.Duplicated, audit.Counts.Altered, audit.Counts.Unexpected));
        Assert.All(audit.Findings, finding =>
        {
            Assert.Equal(column, finding.Column);
            Assert.Contains($"{Path.GetFileName(file)} row ", finding.Place, StringComparison.Ordinal);
            Assert.Matches("(user_id|merchant|transaction_id) [^,]+", finding.Key);
        });
    }

    [Theory]
    [InlineData("gold/fraud_features", "transaction_id")]
    [InlineData("gold/daily_spend", "day, user_id, currency")]
    [InlineData("silver/user_profiles", "user_id")]
    public async Task RunAsync_RowsLostRepeatedAndForeign_TellsEach(string table, string key)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, table).MaxBy(path => new FileInfo(path).Length)!;
        TableTampering.Rewrite(file, $"""
            (FROM this ORDER BY {key} OFFSET 1) UNION ALL (FROM this ORDER BY {key} LIMIT 1 OFFSET 1)
            UNION ALL (SELECT * REPLACE (999999 AS user_id{(key == "transaction_id" ? ", 'x' AS transaction_id" : "")}) FROM this ORDER BY {key} LIMIT 1)
            """);
        TableAudit audit = await lake.FindAsync(table.Replace('/', '.'));
        Assert.Equal((1, 1, 0, 1), (audit.Counts.Missing, audit.Counts.Duplicated, audit.Counts.Altered, audit.Counts.Unexpected));
        Assert.Equal(audit.Counts.Expected + 1, audit.Counts.Found);
        Assert.Equal([FindingKind.Missing, FindingKind.Duplicated, FindingKind.Unexpected], audit.Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public async Task RunAsync_PartitionLost_NamesTheFile()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "gold/merchant_performance")[0];
        long rows = TableTampering.Read<long>(file, "SELECT count(*) FROM this");
        File.Delete(file);
        TableAudit audit = await lake.FindAsync("gold.merchant_performance");
        Assert.Equal(rows, audit.Counts.Missing);
        Assert.Contains(Path.GetFileName(file), AuditedLake.Whole(audit).Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_GoldOfOneEmulation_IsRefused()
    {
        using AuditedLake lake = new();
        AuditRequest request = new() { Layers = [AuditLayer.Gold], Emulations = [Guid.Empty] };
        await Assert.ThrowsAsync<InvalidRequestException>(() => LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token));
    }
}
