using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

/// <summary>Each tamper of a raw object is what it is, where it is, and blames nothing else.</summary>
public sealed class RawFindingTests
{
    [Theory]
    [InlineData("altered key", FindingKind.Altered, 9, "line 10", "transaction_id")]
    [InlineData("key of another", FindingKind.Altered, 9, "line 10", "transaction_id")]
    [InlineData("garbage", FindingKind.Altered, 9, "line 10", null)]
    [InlineData("removed", FindingKind.Missing, 9, "line 10", null)]
    [InlineData("repeated", FindingKind.Duplicated, 9, "line 12", null)]
    [InlineData("moved", FindingKind.Altered, 9, "line 40", "place")]
    public async Task RunAsync_OneLineChanged_IsOneFinding(string tamper, FindingKind kind, long row, string place, string? column)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        lake.ChangeLines("transaction", 0, lines =>
        {
            string line = lines[9];
            Action act = tamper switch
            {
                "altered key" => () => lines[9] = line.Replace(line[19..27], "ffffffff", StringComparison.Ordinal),
                "key of another" => () => lines[9] = line.Replace(line[19..55], lines[200][19..55], StringComparison.Ordinal),
                "garbage" => () => lines[9] = "garbage",
                "removed" => () => lines.RemoveAt(9),
                "repeated" => () => lines.Insert(11, line),
                _ => () =>
                {
                    lines.RemoveAt(9);
                    lines.Insert(39, line);
                },
            };
            act();
        });
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((kind, row, column), (finding.Kind, finding.Row!.Value, finding.Column));
        Assert.EndsWith(place, finding.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LinesSwapped_BothAreNamedAndNoneBetween()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        lake.ChangeLines("transaction", 0, lines => (lines[20], lines[120]) = (lines[120], lines[20]));
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Assert.Equal(new AuditCounts(300, 300, 0, 0, 2, 0), audit.Counts);
        Assert.Equal([20, 120], audit.Findings.Select(finding => finding.Row!.Value).Order());
        Assert.All(audit.Findings, finding => Assert.Equal("place", finding.Column));
    }

    [Theory]
    [InlineData("\n", FindingKind.Altered, "a blank line at its end")]
    [InlineData("\n \n", FindingKind.Altered, "2 blank lines at its end")]
    [InlineData(null, FindingKind.Altered, "no line feed behind its last line")]
    public async Task RunAsync_EndOfAnObjectChanged_SaysHow(string? added, FindingKind kind, string found)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        string path = lake.PathOf("transaction", 0);
        string text = await File.ReadAllTextAsync(path, AuditedLake.Token);
        await File.WriteAllTextAsync(path, added is null ? text.TrimEnd('\n') : text + added, AuditedLake.Token);
        TableAudit audit = await lake.FindAsync("raw/transaction", AuditLayer.Raw);
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((kind, found, 0), (finding.Kind, finding.Found, finding.Records));
        Assert.Equal(300, audit.Counts.Found);
    }

    [Fact]
    public async Task RunAsync_BlankLineWithin_SaysWhere()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 300);
        string key = lake.ChangeLines("transaction", 0, lines => lines.Insert(7, ""));
        Finding finding = Assert.Single((await lake.FindAsync("raw/transaction", AuditLayer.Raw)).Findings);
        Assert.Equal((FindingKind.Unexpected, "a blank line", $"{key} line 8"), (finding.Kind, finding.Found, finding.Place));
    }

    [Fact]
    public async Task RunAsync_PartOfAManifestGone_IsOneFindingAndItsRowsAreStillCompared()
    {
        using AuditedLake lake = new();
        Guid emulation = (await lake.EmulateAsync(BuiltIn.Transaction, 0, 900, chunkSize: 60_000)).Emulation;
        string part = Path.Combine(lake.Folder, $"raw/_emulations/{emulation}/00000001.json");
        File.Delete(part);
        AuditReport report = await lake.AuditAsync(AuditLayer.Lake, AuditLayer.Raw);
        Finding finding = Assert.Single(report.Findings, finding => finding.Kind == FindingKind.Missing);
        Assert.Equal($"raw/_emulations/{emulation}/00000001.json", finding.Place);
        Assert.Equal((true, 900), (report.Tables[1].IsClean, report.Tables[1].Counts.Found));
        lake.ChangeLines("transaction", 1, lines => lines.RemoveAt(0));
        Assert.Equal(1, (await lake.AuditAsync(AuditLayer.Raw)).Tables[1].Counts.Missing);
    }

    [Fact]
    public async Task RunAsync_ChecksumOfAPartEdited_BlamesThePart()
    {
        using AuditedLake lake = new();
        Guid emulation = (await lake.EmulateAsync(BuiltIn.Transaction, 0, 300)).Emulation;
        string part = Path.Combine(lake.Folder, $"raw/_emulations/{emulation}/00000000.json");
        await File.WriteAllTextAsync(part, (await File.ReadAllTextAsync(part, AuditedLake.Token)).Replace("\"checksum\": \"", "\"checksum\": \"0", StringComparison.Ordinal), AuditedLake.Token);
        Finding finding = Assert.Single((await lake.AuditAsync(AuditLayer.Raw)).Findings);
        Assert.Equal((FindingKind.Contradictory, "checksum", $"raw/_emulations/{emulation}/00000000.json"), (finding.Kind, finding.Column, finding.Place));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ObjectOfOthersChangedAfterItsIngestion_IsNamed(bool grows)
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 10);
        string line = (await File.ReadAllLinesAsync(lake.PathOf("transaction", 0), AuditedLake.Token))[0];
        string stranger = Path.Combine(lake.Folder, "raw/transaction/stranger.json");
        await File.WriteAllTextAsync(stranger, line + "\n", AuditedLake.Token);
        await WholeLake.RunPipelineAsync(lake.Lake);
        File.SetLastWriteTimeUtc(stranger, File.GetLastWriteTimeUtc(stranger).AddSeconds(5));
        Assert.DoesNotContain((await lake.AuditAsync(AuditLayer.Raw)).Findings, finding => finding.Kind == FindingKind.Altered);

        await File.WriteAllTextAsync(stranger, grows ? line + "\n" + line + "\n" : line.Replace('1', '2') + "\n", AuditedLake.Token);
        File.SetLastWriteTimeUtc(stranger, File.GetLastWriteTimeUtc(stranger).AddSeconds(9));
        Finding finding = Assert.Single((await lake.AuditAsync(AuditLayer.Raw)).Findings, finding => finding.Kind == FindingKind.Altered);
        Assert.Equal(("raw/transaction/stranger.json", "the object changed after its ingestion"), (finding.Place, finding.Cause));
        Assert.Contains("--reingest", finding.Remedy, StringComparison.Ordinal);
    }
}
