using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

public sealed class QuarantineAuditTests(WholeLake whole)
{
    [Fact]
    public async Task RunAsync_RecordsRefused_AreWhereTheyBelong()
    {
        using AuditedLake lake = await MakeAsync();
        TableAudit audit = await QuarantineAsync(lake);
        Assert.True(audit.IsClean, string.Join(' ', audit.Findings.Select(finding => finding.Text)));
        Assert.Equal((2, 2), (audit.Counts.Expected, audit.Counts.Found));
    }

    [Theory]
    [InlineData("reason", "CAST(NULL AS VARCHAR)")]
    [InlineData("payload", "payload || ' '")]
    [InlineData("id", "'x'")]
    [InlineData("_format", "'csv'")]
    [InlineData("_emulation_id", "'00000000-0000-8000-8000-000000000000'")]
    [InlineData("_emulation_id", "CAST(NULL AS VARCHAR)")]
    [InlineData("_ingested_at", "_ingested_at + INTERVAL 1 SECOND")]
    public async Task RunAsync_RowChanged_NamesTheColumn(string column, string value)
    {
        using AuditedLake lake = await MakeAsync();
        TableTampering.Rewrite(TableTampering.Files(lake, "silver/quarantine")[0], $"SELECT * REPLACE ({value} AS {column}) FROM this");
        TableAudit audit = await QuarantineAsync(lake);
        Assert.Equal(2, audit.Counts.Altered);
        Assert.All(audit.Findings, finding => Assert.Equal((FindingKind.Altered, column), (finding.Kind, finding.Column)));
    }

    [Theory]
    [InlineData("_offset", "_offset + 100000")]
    [InlineData("_source", "'raw/transaction/elsewhere.json'")]
    [InlineData("_batch", "_batch + 1")]
    public async Task RunAsync_RowOfNoRecord_IsUnexpectedAndTheRecordMissing(string column, string value)
    {
        using AuditedLake lake = await MakeAsync();
        TableTampering.Rewrite(TableTampering.Files(lake, "silver/quarantine")[0], $"SELECT * REPLACE ({value} AS {column}) FROM this");
        TableAudit audit = await QuarantineAsync(lake);
        Assert.Equal((2, 1), (audit.Counts.Unexpected, audit.Counts.Missing));
    }

    [Fact]
    public async Task RunAsync_RowsLostAndRepeated_TellsEach()
    {
        using AuditedLake lake = await MakeAsync();
        TableTampering.Rewrite(TableTampering.Files(lake, "silver/quarantine")[0], "FROM this WHERE payload <> 'garbage' UNION ALL FROM this WHERE payload <> 'garbage'");
        TableAudit audit = await QuarantineAsync(lake);
        Assert.Equal((1, 1), (audit.Counts.Missing, audit.Counts.Duplicated));
    }

    [Fact]
    public async Task RunAsync_GoodRecordRefused_IsUnexpected()
    {
        using AuditedLake lake = await MakeAsync();
        string file = TableTampering.Files(lake, "silver/quarantine")[0];
        string bronze = TableTampering.Files(lake, "bronze/transactions")[0];
        TableTampering.Rewrite(file, $"""
            FROM this UNION ALL BY NAME
            SELECT 'x' AS id, 'amount is not negative' AS reason, payload, _format, _emulation_id, _batch, _source, _offset, _ingested_at FROM read_parquet('{bronze}') WHERE _offset = 4999
            """);
        Finding finding = Assert.Single((await QuarantineAsync(lake)).Findings);
        Assert.Equal(FindingKind.Unexpected, finding.Kind);
        Assert.Contains("as the world made it", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SchemaChanged_NamesIt()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string commit = Path.Combine(lake.Folder, "silver/quarantine/_delta_log/00000000000000000000.json");
        string text = await File.ReadAllTextAsync(commit, AuditedLake.Token);
        await File.WriteAllTextAsync(commit, text.Replace("\\\"name\\\":\\\"reason\\\"", "\\\"name\\\":\\\"reasons\\\"", StringComparison.Ordinal), AuditedLake.Token);
        Finding finding = Assert.Single((await lake.FindAsync("silver.quarantine")).Findings);
        Assert.Equal(("reason", "reasons string"), (finding.Column, finding.Found));
    }

    // Two blocks of rows: what is wrong is in the first, so that the second one's records are known to be good.
    private static async Task<AuditedLake> MakeAsync()
    {
        AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 5_000);
        lake.ChangeLines("transaction", 0, lines =>
        {
            lines[10] = "garbage";
            lines[20] = lines[20].Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal);
        });
        await WholeLake.RunPipelineAsync(lake.Lake);
        return lake;
    }

    private static async Task<TableAudit> QuarantineAsync(AuditedLake lake) => Assert.Single((await lake.AuditAsync()).Tables, table => table.Name == "silver.quarantine");
}
