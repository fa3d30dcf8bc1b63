using System.Text.RegularExpressions;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Formats.Records;
using LakehouseLab.Tests.Formats;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Tests.Audit;

/// <summary>The audit of raw records that are not plain lines of JSON.</summary>
public sealed class RawFormatAuditTests
{
    private const int ChunkSize = 60_000;

    private static readonly ChunkFormat s_csv = new(RecordFormat.Csv);
    private static readonly ChunkFormat s_parquet = new(RecordFormat.Parquet);

    public static TheoryData<string, string, string> Formats => ChunkEncoderTests.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task RunAsync_CleanChunks_AreClean(string domain, string format, string compression)
    {
        using AuditedLake lake = new();
        Domain schema = Domain.Find(domain)!;
        await lake.EmulateAsync(schema, 100, 3_000, chunkSize: ChunkSize, format: ChunkFormat.TryParse(format, compression));
        await lake.EmulateAsync(schema, 3_100, 200, labels: false, format: ChunkFormat.TryParse(format, compression));
        AuditReport report = await lake.AuditAsync(AuditLayer.Raw);
        Assert.True(report.IsClean);
        Assert.Equal(3_200, Assert.Single(report.Tables).Counts.Found);
    }

    [Fact]
    public async Task RunAsync_CsvRecordsChanged_TellsWhatBecameOfEach()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 1_000, format: s_csv);
        string key = lake.ChangeLines("transaction", 0, lines =>
        {
            lines[42] = Regex.Replace(lines[42], "^([^,]+,[^,]+),[0-9.]+", "$1,1.25");
            lines.Insert(50, "a,\"broken");
            lines.RemoveAt(100);
        });
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(1_000, 1_000, 1, 0, 1, 1), audit.Counts);
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Altered, Row: 41 } && finding.Place == $"{key} record 42");
        Assert.Contains(audit.Findings, finding => finding is { Kind: FindingKind.Missing, Row: 98 });
        Assert.Contains(audit.Findings, finding => finding.Kind == FindingKind.Unexpected && finding.Found!.Contains("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ParquetChunkOfFewerRows_NamesTheMissingOnes()
    {
        using AuditedLake lake = new();
        using AuditedLake other = new();
        await lake.EmulateAsync(BuiltIn.DeviceLog, 0, 500, format: s_parquet);
        await other.EmulateAsync(BuiltIn.DeviceLog, 0, 490, format: s_parquet);
        File.Copy(other.PathOf("device-log", 0), lake.PathOf("device-log", 0), overwrite: true);
        TableAudit audit = await lake.FindAsync("raw/device-log", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(500, 490, 10, 0, 0, 0), audit.Counts);
    }

    [Theory]
    [InlineData("csv", "gzip")]
    [InlineData("json", "zstd")]
    [InlineData("parquet", "none")]
    public async Task RunAsync_ChunkCutOff_IsDamagedAndItsRowsAreMissing(string format, string compression)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 2_000, format: ChunkFormat.TryParse(format, compression));
        using (FileStream file = File.OpenWrite(lake.PathOf("transaction", 0)))
        {
            file.SetLength(file.Length / 2);
        }

        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.InRange(audit.Counts.Missing, 1, 2_000);
        Assert.Equal(2_000, audit.Counts.Found + audit.Counts.Missing);
        Assert.Contains(audit.Findings, finding => finding.Kind == FindingKind.Damaged && finding.Cause!.Contains("restore it from a copy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ForeignCsv_IsUnexpected()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 10, format: s_csv);
        File.Copy(lake.PathOf("transaction", 0), Path.Combine(lake.Folder, "raw", "transaction", "copy.csv"));
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(10, 20, 0, 0, 0, 10), audit.Counts);
        Assert.Contains(audit.Findings, finding => finding.Place == "raw/transaction/copy.csv record 1" && finding.Key is not null);
    }
}
