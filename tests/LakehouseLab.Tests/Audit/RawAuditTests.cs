using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Audit;

public sealed class RawAuditTests
{
    private const int ChunkSize = 100_000;

    [Fact]
    public async Task RunAsync_CleanLake_IsClean()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 100, 6_000, chunkSize: ChunkSize);
        await lake.EmulateAsync(BuiltIn.Transaction, 6_100, 50, labels: false);
        await lake.EmulateAsync(BuiltIn.Transaction, 20_000, 5);
        await lake.EmulateAsync(BuiltIn.UserProfile, 0, 700);
        await lake.EmulateAsync(BuiltIn.DeviceLog, 4_000, 500, chunkSize: 1);
        AuditReport report = await lake.AuditAsync(AuditLayer.Raw);
        Assert.True(report.IsClean);
        Assert.Equal(
            [("raw/transaction", 6_055L), ("raw/user-profile", 700L), ("raw/device-log", 500L)],
            report.Tables.Select(table => (table.Name, table.Counts.Found)));
        Assert.Equal([6_000, 50, 5], report.Tables[0].Emulations.Select(emulation => emulation.Counts.Found));
    }

    [Fact]
    public async Task RunAsync_LineDeleted_NamesTheRow()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 3_000, chunkSize: ChunkSize);
        string deleted = "";
        string key = lake.ChangeLines("transaction", 2, lines =>
        {
            deleted = lines[10];
            lines.RemoveAt(10);
        });
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(3_000, 2_999, 1, 0, 0, 0), audit.Counts);
        Finding finding = AuditedLake.Record(audit);
        Assert.Equal(FindingKind.Missing, finding.Kind);
        Assert.Contains(finding.Key!, deleted, StringComparison.Ordinal);
        Assert.Equal($"{key} line 11", finding.Place);
    }

    [Fact]
    public async Task RunAsync_LineRepeatedInAnotherChunk_IsDuplicated()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 3_000, chunkSize: ChunkSize);
        string repeated = "";
        lake.ChangeLines("transaction", 0, lines => repeated = lines[7]);
        string key = lake.ChangeLines("transaction", 1, lines => lines.Insert(3, repeated));
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(3_000, 3_001, 0, 1, 0, 0), audit.Counts);
        Finding finding = AuditedLake.Record(audit);
        Assert.Equal((FindingKind.Duplicated, 7L, $"{key} line 4"), (finding.Kind, finding.Row!.Value, finding.Place));
    }

    [Fact]
    public async Task RunAsync_AmountChanged_TellsBothValues()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 500);
        string key = lake.ChangeLines("transaction", 0, lines => lines[41] = System.Text.RegularExpressions.Regex.Replace(lines[41], "\"amount\":[0-9.]+", "\"amount\":1.25"));
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(500, 500, 0, 0, 1, 0), audit.Counts);
        Finding finding = AuditedLake.Record(audit);
        Assert.Equal((FindingKind.Altered, 41L, $"{key} line 42"), (finding.Kind, finding.Row!.Value, finding.Place));
        Assert.Equal(("amount", "1.25"), (finding.Column, finding.Found));
    }

    [Fact]
    public async Task RunAsync_ForeignRecordsAndObjects_AreUnexpected()
    {
        using AuditedLake lake = new();
        EmulationResult emulation = await lake.EmulateAsync(BuiltIn.Transaction, 0, 500);
        string copied = "";
        lake.ChangeLines("transaction", 0, lines =>
        {
            copied = lines[0];
            lines.Insert(5, copied.Replace(copied[20..24], copied[20] == '0' ? "1111" : "0000", StringComparison.Ordinal));
            lines.Insert(6, "not JSON at all");
            lines.Add("");
        });
        File.WriteAllText(Path.Combine(lake.Folder, "raw", "transaction", "stranger.json"), copied + "\n\n" + copied);
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(500, 504, 0, 0, 0, 4), audit.Counts);
        Assert.Contains(audit.Findings, finding => finding.Place == "raw/transaction/stranger.json line 3");
        Assert.Contains(audit.Findings, finding => finding.Found == "not JSON at all");
        Assert.Equal(emulation.Emulation, Assert.Single(audit.Emulations).Emulation);
    }

    [Theory]
    [InlineData("user-profile")]
    [InlineData("device-log")]
    public async Task RunAsync_ChunkLost_ItsRowsAreMissing(string domain)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(Domain.Find(domain)!, 0, 1_000, chunkSize: ChunkSize);
        string key = lake.ChangeLines(domain, 1, _ => { });
        File.Delete(Path.Combine(lake.Folder, key));
        TableAudit audit = await lake.FindAsync($"raw/{domain}", AuditLayer.Raw);
        Assert.InRange(audit.Counts.Missing, 100, 900);
        Assert.Equal(0, audit.Counts.Altered + audit.Counts.Unexpected + audit.Counts.Duplicated);
        Assert.Equal((FindingKind.Missing, key, audit.Counts.Missing), (AuditedLake.Record(audit).Kind, AuditedLake.Record(audit).Place, AuditedLake.Record(audit).Records));
    }

    [Theory]
    [InlineData("_SUCCESS")]
    [InlineData("_temporary/0/part-0.json")]
    [InlineData("y.json.tmp")]
    [InlineData("x.avsc")]
    public async Task RunAsync_ObjectThatHoldsNoRecords_IsNoFinding(string name)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 10);
        await lake.Lake.Store.PutAsync($"raw/transaction/{name}", "{}"u8.ToArray(), AuditedLake.Token);
        AuditReport report = await lake.AuditAsync(AuditLayer.Raw);
        Assert.True(report.IsClean);
        Assert.Equal(10, Assert.Single(report.Tables).Counts.Found);
    }

    [Fact]
    public async Task RunAsync_OneEmulation_LooksAtItsRecordsOnly()
    {
        using AuditedLake lake = new();
        EmulationResult first = await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        EmulationResult second = await lake.EmulateAsync(BuiltIn.Transaction, 300, 300);
        lake.ChangeLines("transaction", first.Emulation.CompareTo(second.Emulation) < 0 ? 0 : 1, lines => lines.RemoveAt(0));
        AuditReport whole = await lake.AuditAsync(AuditLayer.Raw);
        Assert.Equal([1, 0], Assert.Single(whole.Tables).Emulations.Select(emulation => emulation.Counts.Missing));
        AuditRequest request = new(BuiltInTables.All) { Layers = [AuditLayer.Raw], Emulations = [second.Emulation] };
        AuditReport report = await LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token);
        Assert.True(report.IsClean);
        Assert.Equal(300, Assert.Single(report.Tables).Counts.Found);
    }

    [Fact]
    public async Task RunAsync_NothingToAudit_IsRefusedInWords()
    {
        using AuditedLake lake = new();
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => lake.AuditAsync());
        Assert.Contains("has no world yet", refusal.Message, StringComparison.Ordinal);
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 5);
        AuditRequest request = new(BuiltInTables.All) { Emulations = [Guid.Empty] };
        refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token));
        Assert.Contains("no such emulation", refusal.Message, StringComparison.Ordinal);
    }
}
