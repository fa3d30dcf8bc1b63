using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

public sealed class BronzeAuditTests(WholeLake whole)
{
    [Fact]
    public async Task RunAsync_WholeLake_IsClean()
    {
        using AuditedLake lake = await whole.CopyAsync();
        AuditReport report = await lake.AuditAsync();
        Assert.All(report.Tables, audit => Assert.True(audit.IsClean, $"{audit.Name}: {audit.Verdict} {string.Join(' ', audit.Findings.Select(finding => finding.Text))}"));
        Assert.All(report.Tables, audit => Assert.True(audit.IsThere && audit.Counts.Found > 0, audit.Name));
    }

    [Fact]
    public async Task RunAsync_RecordLostRepeatedAndAltered_TellsEach()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/transactions")[0];
        TableTampering.Rewrite(file, """
            SELECT * REPLACE (CASE WHEN _offset = 3 THEN replace(payload, '"currency":"', '"currency":"X') ELSE payload END AS payload)
            FROM this WHERE _offset <> 1 UNION ALL FROM this WHERE _offset = 2
            """);
        long chunks = TableTampering.Read<long>(file, "SELECT count(DISTINCT _source) FROM this");
        TableAudit audit = await lake.FindAsync("bronze.transactions");
        Assert.True(new AuditCounts(4_200, 4_200, chunks, chunks, chunks, 0) == audit.Counts, string.Join('\n', audit.Findings.Select(finding => finding.Text)));
        Assert.All(audit.Findings.Where(finding => finding.Kind == FindingKind.Altered), finding => Assert.Matches("^currency \"[A-Z]{3}\" \"X[A-Z]{3}\"$", $"{finding.Column} {finding.Expected} {finding.Found}"));
        Assert.All(audit.Findings.Where(finding => finding.Kind != FindingKind.Missing), finding => Assert.Contains(Path.GetFileName(file), finding.Place, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_RawLinesTamperedWithBeforeIngestion_AreWrongInBothLayers()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 3_000, chunkSize: 200_000);
        string key = lake.ChangeLines("transaction", 1, lines =>
        {
            lines.RemoveAt(4);
            lines.Insert(100, lines[0]);
            lines.Add("{\"transaction_id\":\"00000000-0000-8000-8000-000000000000\"}");
        });
        await WholeLake.RunPipelineAsync(lake.Lake);
        AuditReport report = await lake.AuditAsync(AuditLayer.Raw, AuditLayer.Bronze);
        Assert.All(report.Tables.Take(2), audit => Assert.Equal(new AuditCounts(3_000, 3_001, 1, 1, 0, 1), audit.Counts));
        Assert.Contains($"from {key} line 101", report.Tables[1].Findings.Single(finding => finding.Kind == FindingKind.Duplicated).Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RawTamperedWithAfterIngestion_RawAloneReports()
    {
        using AuditedLake lake = await whole.CopyAsync();
        lake.ChangeLines("transaction", 0, lines => lines.RemoveAt(0));
        Assert.Equal("1 missing", (await lake.FindAsync("raw/transaction")).Verdict);
    }

    [Fact]
    public async Task RunAsync_RecordsOfNoEmulation_AreUnexpected()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/device_logs")[0];
        TableTampering.Rewrite(file, "FROM this UNION ALL SELECT * REPLACE (NULL AS _emulation_id, 'raw/device-log/mine.json' AS _source) FROM this WHERE _offset = 7");
        TableAudit audit = await lake.FindAsync("bronze.device_logs");
        Assert.Equal((1, 1_701), (audit.Counts.Unexpected, audit.Counts.Found));
    }

    [Fact]
    public async Task RunAsync_DataFileLost_NamesIt()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/user_profiles")[0];
        File.Delete(file);
        TableAudit audit = await lake.FindAsync("bronze.user_profiles");
        Assert.Equal(260, audit.Counts.Missing);
        Assert.Contains(Path.GetFileName(file), AuditedLake.Whole(audit).Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DataFileDamaged_NamesIt()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string file = TableTampering.Files(lake, "bronze/user_profiles")[0];
        File.WriteAllText(file, "PAR1 this is not a Parquet file PAR1");
        TableAudit audit = await lake.FindAsync("bronze.user_profiles");
        Assert.Contains(Path.GetFileName(file), AuditedLake.Whole(audit).Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BronzeLags_SaysSo()
    {
        using AuditedLake lake = await whole.CopyAsync();
        await lake.EmulateAsync(BuiltIn.UserProfile, 260, 40);
        TableAudit audit = await LayerAsync(lake, AuditLayer.Bronze, "bronze.user_profiles");
        Assert.Equal((0, 40), (audit.Counts.Missing, audit.Behind!.Records));
    }

    [Fact]
    public async Task RunAsync_NoTablesYet_IsCleanUnlessTheyMustBeThere()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 10);
        AuditReport report = await lake.AuditAsync();
        Assert.True(report.IsClean);
        Assert.Contains(report.Tables, audit => audit.Name == "bronze.transactions" && audit.Verdicts is [Verdict.Behind]);
        Assert.False((await lake.AuditAsync(AuditLayer.Bronze)).IsClean);
    }

    private static async Task<TableAudit> LayerAsync(AuditedLake lake, AuditLayer layer, string table) =>
        Assert.Single((await lake.AuditAsync(layer)).Tables, audit => audit.Name == table);
}
