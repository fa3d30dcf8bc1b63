using System.Text;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Tests.Cli;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Audit.Accounts;

/// <summary>What a lake no longer names anywhere is found by receipts alone.</summary>
public sealed class ReceiptTests
{
    private static readonly Guid s_id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public async Task Audit_EmulationRemovedWithAllThatNamesIt_IsFoundByItsReceipt()
    {
        using AuditedLake lake = new();
        string[] emulate = ["emulate", "transaction", "--rows", "300", "--users", "200", "--json", "--lake", lake.Folder];
        CommandRun made = await CommandRun.OfAsync(emulate);
        Assert.Equal(0, made.Code);
        string receipts = Path.Combine(lake.Folder, "receipts.json");
        await File.WriteAllTextAsync(receipts, made.Data, AuditedLake.Token);
        string[] audit = ["audit", "--lake", lake.Folder, "--expect", receipts];
        Assert.Equal(0, (await CommandRun.OfAsync(audit)).Code);

        Directory.Delete(Path.Combine(lake.Folder, "raw"), recursive: true);
        Directory.Delete(Path.Combine(lake.Folder, "_lakelab/ranges"), recursive: true);
        Assert.Equal(0, (await CommandRun.OfAsync(["audit", "--lake", lake.Folder])).Code);
        CommandRun found = await CommandRun.OfAsync(audit);
        Assert.Equal(1, found.Code);
        Assert.Contains("nothing in the lake names it", found.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ReceiptForMoreRowsThanTheManifestHas_IsMissing()
    {
        using AuditedLake lake = new();
        Guid emulation = (await lake.EmulateAsync(BuiltIn.Transaction, 0, 300)).Emulation;
        AuditRequest request = new(BuiltInTables.All) { Receipts = [new Receipt("x.json", "transaction", [emulation], null, 301)] };
        Finding finding = Assert.Single((await LakeAudit.RunAsync(lake.Lake, request, null, AuditedLake.Token)).Findings);
        Assert.Equal((FindingKind.Missing, "301 rows", "300 rows"), (finding.Kind, finding.Expected, finding.Found));
    }

    [Fact]
    public void Read_AnswersOfTheServiceAndSeveralDocuments_GivesEach()
    {
        string json = $$$"""
            {"emulations":[{"id":"{{{s_id}}}","emulation_domain":"transaction","status":"completed","progress":{"rows":12,"bytes":5}}],"next_cursor":"x"}
            {"id":"{{{s_id}}}","emulation_domain":"device-log","progress":{"rows":3}}
            {"lake":"./lake","emulated":[{"domain":"transaction","emulations":["{{{s_id}}}"],"first_row":5,"rows":7}]}
            """;
        IReadOnlyList<Receipt> receipts = ReceiptReader.Read("x", Encoding.UTF8.GetBytes(json));
        Assert.Equal(
            [("transaction", (long?)null, 12L), ("device-log", null, 3), ("transaction", 5, 7)],
            receipts.Select(receipt => (receipt.Domain, receipt.FirstRow, receipt.Rows)));
        Assert.All(receipts, receipt => Assert.Equal(s_id, Assert.Single(receipt.Emulations)));
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("{\"rows\":1}", "has no receipts")]
    [InlineData("", "has no receipts")]
    public void Read_NoReceipts_IsRefusedInWords(string json, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidRequestException>(() => ReceiptReader.Read("x", Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
}
