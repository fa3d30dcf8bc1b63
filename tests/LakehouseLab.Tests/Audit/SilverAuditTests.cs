using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

public sealed class SilverAuditTests(WholeLake whole)
{
    [Theory]
    [InlineData("transactions", "amount + 0.0001 AS amount", "amount: expected ")]
    [InlineData("transactions", "timestamp + INTERVAL 1 MICROSECOND AS timestamp", "timestamp: expected ")]
    [InlineData("transactions", "CAST(NULL AS BOOLEAN) AS is_fraud", "is_fraud: expected false, found nothing")]
    [InlineData("device_logs", "'Linux ' AS os", "os: expected ")]
    [InlineData("user_profiles_history", "date_of_birth + 1 AS date_of_birth", "date_of_birth: expected ")]
    [InlineData("user_profiles_history", "valid_from + INTERVAL 1 MILLISECOND AS valid_from", "valid_from: expected ")]
    public async Task RunAsync_ValueEdited_TellsBothValues(string table, string edit, string detail)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = LargestFile(lake, table);
        (string column, string value) = (edit.Split(" AS ")[^1], edit[..edit.LastIndexOf(" AS ", StringComparison.Ordinal)]);
        string other = column == "is_fraud" ? "NOT is_fraud" : "true";
        TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN _offset = 17 AND {other} AND _source = (SELECT min(_source) FROM this) THEN {value} ELSE {column} END AS {column}) FROM this");
        TableAudit audit = await lake.FindAsync($"silver.{table}", AuditLayer.Raw, AuditLayer.Bronze, AuditLayer.Silver);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((FindingKind.Altered, 1), (finding.Kind, audit.Counts.Altered));
        Assert.Contains(detail, finding.Text, StringComparison.Ordinal);
        Assert.StartsWith($"{Path.GetFileName(file)} row ", finding.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RowsLostRepeatedAndForeign_TellsEach()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = LargestFile(lake, "transactions");
        TableTampering.Rewrite(file, """
            FROM this WHERE _offset <> 5 OR _source <> (SELECT min(_source) FROM this)
            UNION ALL (FROM this ORDER BY transaction_id LIMIT 1)
            UNION ALL (SELECT * REPLACE ('0' || transaction_id[2:] AS transaction_id) FROM this WHERE transaction_id[1] <> '0' ORDER BY transaction_id LIMIT 2)
            """);
        TableAudit audit = await lake.FindAsync("silver.transactions", AuditLayer.Silver);
        Assert.Equal(new AuditCounts(4_200, 4_202, 1, 1, 0, 2), audit.Counts);
    }

    [Fact]
    public async Task RunAsync_RowInQuarantine_IsMissingWithItsReason()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        lake.ChangeLines("transaction", 0, lines => lines[9] = lines[9].Replace("\"amount\":", "\"amount\":-", StringComparison.Ordinal));
        await WholeLake.RunPipelineAsync(lake.Lake);
        AuditReport report = await lake.AuditAsync(AuditLayer.Silver);
        TableAudit audit = Assert.Single(report.Tables, table => table.Name == "silver.transactions");
        Assert.Equal(new AuditCounts(300, 299, 1, 0, 0, 0), audit.Counts);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal(9, finding.Row);
        Assert.StartsWith("quarantined: ", finding.Cause, StringComparison.Ordinal);
    }

    private static string LargestFile(AuditedLake lake, string table) =>
        TableTampering.Files(lake, $"silver/{table}").MaxBy(path => new FileInfo(path).Length)!;
}
