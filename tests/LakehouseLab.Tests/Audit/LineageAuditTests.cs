using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

/// <summary>Where records say that they come from is audited like their contents.</summary>
public sealed class LineageAuditTests(WholeLake whole)
{
    [Theory]
    [InlineData("payload_bytes", "'x'::BLOB")]
    [InlineData("_format", "'csv'")]
    [InlineData("_emulation_id", "NULL")]
    [InlineData("_emulation_id", "'00000000-0000-8000-8000-000000000000'")]
    [InlineData("_key", "'17'")]
    [InlineData("_timestamp", "TIMESTAMPTZ '2026-01-01 00:00:00+00'")]
    [InlineData("_source", "(SELECT max(_source) FROM this)")]
    [InlineData("_source", "'raw/transaction/elsewhere.json'")]
    [InlineData("_offset", "_offset + 1000000")]
    [InlineData("_batch", "NULL")]
    [InlineData("_batch", "_batch + 1")]
    [InlineData("_ingested_at", "NULL")]
    [InlineData("_ingested_at", "_ingested_at + INTERVAL 1 SECOND")]
    public async Task RunAsync_BronzeColumnChanged_NamesIt(string column, string value)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/transactions")[0];
        const string Where = "_offset = 5 AND _source = (SELECT min(_source) FROM this)";
        TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN {Where} THEN {value} ELSE {column} END AS {column}) FROM this");
        TableAudit audit = await BronzeAsync(lake);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((FindingKind.Altered, column), (finding.Kind, finding.Column));
        Assert.NotNull(finding.Row);
        Assert.Contains(Path.GetFileName(file), finding.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(5, 6)]
    public async Task RunAsync_PayloadsExchangedBetweenOffsets_BothRowsAreAltered(int first, int second)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/device_logs")[0];
        const string Source = "(SELECT min(_source) FROM this)";
        TableTampering.Rewrite(file, $"""
            SELECT * REPLACE (CASE WHEN _source = {Source} AND _offset = {first} THEN {second} WHEN _source = {Source} AND _offset = {second} THEN {first} ELSE _offset END AS _offset) FROM this
            """);
        AuditReport report = await lake.AuditAsync(AuditLayer.Bronze);
        TableAudit audit = Assert.Single(report.Tables, table => !table.IsClean);
        Assert.Equal(2, audit.Counts.Altered);
        Assert.All(audit.Findings, finding => Assert.Equal("_offset", finding.Column));
        Assert.Equal([$"{first}", $"{second}"], audit.Findings.Select(finding => finding.Expected).Order());
    }

    [Fact]
    public async Task RunAsync_OffsetsShifted_EveryRowIsAltered()
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.Rewrite(TableTampering.Files(lake, "bronze/user_profiles")[0], "SELECT * REPLACE (_offset + 1 AS _offset) FROM this");
        TableAudit audit = Assert.Single((await lake.AuditAsync(AuditLayer.Bronze)).Tables, table => !table.IsClean);
        Assert.Equal(new AuditCounts(260, 260, 0, 0, 260, 0), audit.Counts);
    }

    [Fact]
    public async Task RunAsync_BytesInTheOtherColumn_IsAltered()
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.Rewrite(
            TableTampering.Files(lake, "bronze/transactions")[0],
            "SELECT * REPLACE (CASE WHEN _offset = 3 THEN NULL ELSE payload END AS payload, CASE WHEN _offset = 3 THEN encode(payload) END AS payload_bytes) FROM this");
        TableAudit audit = await BronzeAsync(lake);
        Assert.True(audit.Counts.Altered > 0);
        Assert.All(audit.Findings, finding => Assert.Equal("payload_bytes", finding.Column));
    }

    [Theory]
    [InlineData("transactions", "_source", "'raw/x.json'")]
    [InlineData("transactions", "_offset", "_offset + 1")]
    [InlineData("transactions", "_batch", "_batch + 1")]
    [InlineData("transactions", "_ingested_at", "_ingested_at + INTERVAL 1 SECOND")]
    [InlineData("user_profiles_history", "_offset", "_offset + 1")]
    [InlineData("device_logs", "_source", "NULL")]
    public async Task RunAsync_SilverLineageChanged_NamesColumnAndBothValues(string table, string column, string value)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, $"silver/{table}")[0];
        TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN _offset = 7 THEN {value} ELSE {column} END AS {column}) FROM this");
        TableAudit audit = await lake.FindAsync($"silver.{table}");
        Assert.True(audit.Counts.Altered > 0);
        Assert.All(audit.Findings, finding => Assert.Equal((FindingKind.Altered, column), (finding.Kind, finding.Column)));
        Assert.All(audit.Findings, finding => Assert.NotNull(finding.Expected));
    }

    [Theory]
    [InlineData("_batch", "_batch + 1")]
    [InlineData("_ingested_at", "_ingested_at + INTERVAL 1 MILLISECOND")]
    public async Task RunAsync_BronzeAndSilverChangedAlike_BronzeIsAltered(string column, string value)
    {
        using AuditedLake lake = await whole.CopyAsync();
        string source = TableTampering.Read<string>(TableTampering.Files(lake, "bronze/transactions")[0], "SELECT min(_source) FROM this");
        foreach (string table in (string[])["bronze/transactions", "silver/transactions"])
        {
            foreach (string file in TableTampering.Files(lake, table))
            {
                TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN _offset = 5 AND _source = '{source}' THEN {value} ELSE {column} END AS {column}) FROM this");
            }
        }

        TableAudit audit = await BronzeAsync(lake);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((FindingKind.Altered, column, 1), (finding.Kind, finding.Column, audit.Counts.Altered));
    }

    [Theory]
    [InlineData("+ INTERVAL 1 HOUR", 0, "or before")]
    [InlineData("- INTERVAL 1 HOUR", 0, "or later")]
    [InlineData("+ INTERVAL 1 HOUR", 1, "or before")]
    [InlineData("- INTERVAL 1 HOUR", 1, "or later")]
    public async Task RunAsync_IngestionOfABatchMovedInTime_NamesTheBatch(string shift, int batch, string expected)
    {
        using AuditedLake lake = await whole.CopyAsync();
        foreach (string file in TableTampering.Files(lake, "bronze/device_logs"))
        {
            TableTampering.Rewrite(file, $"SELECT * REPLACE (CASE WHEN _batch = {batch} THEN _ingested_at {shift} ELSE _ingested_at END AS _ingested_at) FROM this");
        }

        TableAudit audit = Assert.Single((await lake.AuditAsync(AuditLayer.Bronze)).Tables, table => !table.IsClean);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal(($"batch {batch}", "_ingested_at"), (finding.Place, finding.Column));
        Assert.EndsWith(expected, finding.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FilesGivenATimeBeforeTheTable_IsClean()
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeFirst(lake, "bronze/transactions", "add", add => add["modificationTime"] = 1);
        Assert.True((await BronzeAsync(lake)).IsClean);
    }

    private static async Task<TableAudit> BronzeAsync(AuditedLake lake) =>
        Assert.Single((await lake.AuditAsync(AuditLayer.Bronze)).Tables, table => table.Name == "bronze.transactions");
}
