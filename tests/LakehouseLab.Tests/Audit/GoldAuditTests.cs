using LakehouseLab.Audit;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World.Requests;

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
    [InlineData("gold/fraud_features", "merchant_seconds_since_tenth", "coalesce(merchant_seconds_since_tenth, 0) + 1", "user_id % 64 <> 1")]
    [InlineData("gold/fraud_features", "timestamp", "timestamp + INTERVAL 1 MILLISECOND", "user_id % 64 = 2")]
    [InlineData("gold/fraud_features", "merchant", "merchant || '.'", "user_id % 64 = 3")]
    [InlineData("gold/fraud_features", "amount_usd", "amount_usd + 0.01", "user_id % 64 = 4")]
    [InlineData("gold/fraud_features", "is_remote", "NOT is_remote", "user_id % 64 = 5")]
    [InlineData("gold/fraud_features", "country_changed", "NOT coalesce(country_changed, false)", "user_id % 64 = 6")]
    [InlineData("gold/fraud_features", "seconds_since_previous", "coalesce(seconds_since_previous, 0) + 1", "user_id % 64 = 7")]
    [InlineData("gold/fraud_features", "seconds_since_third", "coalesce(seconds_since_third, 0) + 1", "user_id % 64 = 8")]
    [InlineData("gold/fraud_features", "payments_30d", "payments_30d + 1", "user_id % 64 = 9")]
    [InlineData("gold/fraud_features", "amount_usd_30d", "amount_usd_30d + 0.01", "user_id % 64 = 10")]
    [InlineData("gold/fraud_features", "is_fraud", "NOT is_fraud", "user_id % 64 = 11 AND is_fraud IS NOT NULL")]
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
    public async Task RunAsync_ReferenceChanged_TellsTheCurrency()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "reference/fx_rates")[0];
        TableTampering.Rewrite(file, "SELECT * REPLACE (CASE WHEN currency = 'EUR' THEN usd_rate + 0.000001 ELSE usd_rate END AS usd_rate) FROM this WHERE currency <> 'CHF'");
        TableAudit audit = await lake.FindAsync("reference.fx_rates");
        Assert.Equal((1, 1), (audit.Counts.Missing, audit.Counts.Altered));
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Altered, Key: "currency EUR", Column: "usd_rate" });
    }

    [Theory]
    [InlineData("user_id % 64 <> 1", true)]
    [InlineData("user_id % 64 = 1", false)]
    public async Task RunAsync_Sampled_SaysSoAndLooksAtTheSampleAlone(string changed, bool clean)
    {
        using AuditedLake lake = await whole.CopyAsync();
        foreach (string file in TableTampering.Files(lake, "gold/fraud_features"))
        {
            TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN {changed} THEN payments_30d + 1 ELSE payments_30d END AS payments_30d) FROM this");
        }

        AuditReport report = await LakeAudit.RunAsync(lake.Lake, new AuditRequest(BuiltInTables.All) { Sample = UserSample.Parse("1/64") }, null, AuditedLake.Token);
        TableAudit features = Assert.Single(report.Tables, table => table.Name == "gold.fraud_features");
        Assert.Equal((clean, clean), (features.IsClean, report.IsClean));
        Assert.Contains(Verdict.Sampled, report.Verdicts);
        Assert.Contains("sampled (the values of 1/64 of the users)", features.Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1/0")]
    [InlineData("2/3")]
    [InlineData("64")]
    [InlineData("1/")]
    [InlineData("")]
    public void Parse_NoShare_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => UserSample.Parse(text));

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
        AuditRequest request = new(BuiltInTables.All) { Layers = [AuditLayer.Gold], Emulations = [Guid.Empty] };
        await Assert.ThrowsAsync<InvalidRequestException>(() => LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token));
    }
}
