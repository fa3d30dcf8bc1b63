using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Audit.Accounts;

/// <summary>What a lake says of itself is held against each other before it is believed.</summary>
public sealed class LakeAccountsTests(WholeLake whole)
{
    private const long ChunkSize = 60_000;

    /// <summary>A tamper, what it is found as, and what the finding's text says.</summary>
    public static TheoryData<string, FindingKind, string> Tampers => new()
    {
        { "claim gone", FindingKind.Missing, "document 0 is gone though later ones are there" },
        { "claims gone", FindingKind.Missing, "no claim says that emulation" },
        { "claim shortened", FindingKind.Contradictory, "claims other rows for the emulation than its manifest says" },
        { "claim lengthened", FindingKind.Contradictory, "both claim rows 600–649" },
        { "claim of another", FindingKind.Missing, "claims rows 0–599 for it" },
        { "claim damaged", FindingKind.Damaged, "_lakelab/ranges/transaction/0.json" },
        { "manifest gone", FindingKind.Missing, "claims rows 0–599 for it" },
        { "manifest damaged", FindingKind.Damaged, "raw/_emulations/" },
        { "range shortened", FindingKind.Contradictory, "ranges: expected rows 0–599, found rows 0–499" },
        { "range lengthened", FindingKind.Contradictory, "ranges: expected rows 0–599, found rows 0–699" },
        { "delivered rows", FindingKind.Contradictory, "delivered_rows: expected 600, found 599" },
        { "delivered bytes", FindingKind.Contradictory, "delivered_bytes: expected " },
        { "chunks", FindingKind.Missing, "00000003.json" },
        { "world", FindingKind.Contradictory, "it names another world than _lakelab/world.json" },
        { "domain", FindingKind.Damaged, "there is no domain 'transactions'" },
        { "first part gone", FindingKind.Missing, "00000000.json" },
        { "middle part gone", FindingKind.Missing, "00000001.json" },
        { "last part gone", FindingKind.Missing, "00000002.json" },
        { "part rows", FindingKind.Contradictory, "00000001.json says otherwise" },
        { "part first row", FindingKind.Contradictory, "first_row: expected " },
        { "part key", FindingKind.Contradictory, "key: expected raw/transaction/" },
    };

    [Theory]
    [MemberData(nameof(Tampers))]
    public async Task RunAsync_DocumentTamperedWith_IsFoundAndNothingBreaks(string tamper, FindingKind kind, string text)
    {
        using AuditedLake lake = new();
        Guid first = (await lake.EmulateAsync(BuiltIn.Transaction, 0, 600, chunkSize: ChunkSize)).Emulation;
        await lake.EmulateAsync(BuiltIn.Transaction, 600, 50);
        await lake.EmulateAsync(BuiltIn.Transaction, 900, 50);
        Assert.True((await lake.AuditAsync(AuditLayer.Lake, AuditLayer.Raw)).IsClean);
        Tamper(lake, first, tamper);
        AuditReport report = await lake.AuditAsync(AuditLayer.Lake, AuditLayer.Raw);
        Finding[] findings = [.. report.Tables[0].Findings];
        Assert.Equal(AuditLayer.Lake, report.Tables[0].Layer);
        Assert.Contains(findings, finding => finding.Kind == kind && finding.Text.Contains(text, StringComparison.Ordinal));
        Assert.DoesNotContain(report.Findings, finding => finding.Text.Contains("wrote to the lake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_RawOfAnotherLakeCopiedIn_NamesBothEmulationsBeforeAndAfterTheirIngestion()
    {
        using AuditedLake lake = new();
        using AuditedLake other = new();
        Guid own = (await lake.EmulateAsync(BuiltIn.Transaction, 0, 1_000)).Emulation;
        Guid foreign = (await other.EmulateAsync(BuiltIn.Transaction, 0, 500)).Emulation;
        CopyTree(Path.Combine(other.Folder, "raw"), Path.Combine(lake.Folder, "raw"));
        for (int run = 0; run < 2; run++)
        {
            AuditReport report = await lake.AuditAsync();
            Assert.Contains(report.Tables[0].Findings, finding => finding.Kind == FindingKind.Contradictory
                && finding.Cause!.Contains($"emulations {own} and {foreign} both deliver rows 0–499", StringComparison.Ordinal));
            await WholeLake.RunPipelineAsync(lake.Lake);
        }
    }

    [Theory]
    [InlineData("silver/transactions", "silver.transactions")]
    [InlineData("bronze/device_logs", "bronze.device_logs")]
    [InlineData("gold/customer_360/_delta_log", "gold.customer_360")]
    [InlineData("silver/quarantine", "silver.quarantine")]
    [InlineData("reference/fx_rates", "reference.fx_rates")]
    public async Task RunAsync_TableThatWasThereIsGone_IsMissing(string folder, string table)
    {
        using AuditedLake lake = await whole.CopyAsync();
        Directory.Delete(Path.Combine(lake.Folder, folder), recursive: true);
        AuditReport report = await lake.AuditAsync();
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Missing && finding.Place == table && finding.Cause!.StartsWith("it is not there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_LayerGone_AllOfItsTablesAreMissing()
    {
        using AuditedLake lake = await whole.CopyAsync();
        Directory.Delete(Path.Combine(lake.Folder, "gold"), recursive: true);
        AuditReport report = await lake.AuditAsync();
        Assert.Equal(5, report.Tables.Count(table => table.Layer == AuditLayer.Gold && table.Verdicts is [Verdict.Missing]));
    }

    [Theory]
    [InlineData("_lakelab/progress/silver.transactions", "silver.transactions has more batches than are recorded")]
    [InlineData("_lakelab/progress/bronze.transactions", "bronze.transactions has more batches than are recorded")]
    [InlineData("_lakelab/progress", "gold.daily_spend has more batches than are recorded")]
    public async Task RunAsync_ProgressGone_IsMissing(string folder, string cause)
    {
        using AuditedLake lake = await whole.CopyAsync();
        Directory.Delete(Path.Combine(lake.Folder, folder), recursive: true);
        AuditReport report = await lake.AuditAsync(AuditLayer.Lake);
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Missing && finding.Cause!.StartsWith(cause, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_LastCommitsOfALogGone_AreMissing()
    {
        using AuditedLake lake = await whole.CopyAsync();
        string[] commits = [.. Directory.GetFiles(Path.Combine(lake.Folder, "silver/transactions/_delta_log"), "*.json").Order(StringComparer.Ordinal)];
        File.Delete(commits[^1]);
        AuditReport report = await lake.AuditAsync(AuditLayer.Lake);
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Missing && finding.Place == "silver.transactions" && finding.Cause!.Contains("commits are gone from its log", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("silver/transactions", -1)]
    [InlineData("silver/transactions", 1)]
    [InlineData("bronze/device_logs", -1)]
    [InlineData("gold/daily_spend", -1)]
    [InlineData("gold/daily_spend", 7)]
    public async Task RunAsync_TransactionMoved_ContradictsTheCommit(string table, int by)
    {
        using AuditedLake lake = await whole.CopyAsync();
        ChangeTransactions(lake, table, transaction => transaction["version"] = Math.Max(0, (long)transaction["version"]! + by));
        await AssertTransactionAsync(lake, table);
    }

    [Theory]
    [InlineData("bronze/transactions", false)]
    [InlineData("silver/device_logs", true)]
    [InlineData("gold/customer_360", true)]
    public async Task RunAsync_TransactionRemovedOrOfAnother_ContradictsTheCommit(string table, bool removed)
    {
        using AuditedLake lake = await whole.CopyAsync();
        TableTampering.ChangeLog(lake, table, action =>
        {
            if (action["txn"] is JsonObject transaction)
            {
                transaction["appId"] = "other";
                return removed ? null : action;
            }

            return action;
        });
        await AssertTransactionAsync(lake, table);
    }

    private static void ChangeTransactions(AuditedLake lake, string table, Action<JsonObject> change) => TableTampering.ChangeLog(lake, table, action =>
    {
        if (action["txn"] is JsonObject transaction)
        {
            change(transaction);
        }

        return action;
    });

    private static async Task AssertTransactionAsync(AuditedLake lake, string table)
    {
        AuditReport report = await lake.AuditAsync(AuditLayer.Lake);
        Assert.Contains(report.Findings, finding => finding is { Kind: FindingKind.Contradictory, Column: "txn" } && finding.Place == $"{table}/_delta_log");
        Assert.DoesNotContain(report.Findings, finding => finding.Column == "txn" && finding.Place != $"{table}/_delta_log");
    }

    [Fact]
    public async Task RunAsync_ClaimsAndProgressCondensed_AreReadAndMissedLikeOthers()
    {
        using AuditedLake lake = new();
        for (int run = 0; run < 18; run++)
        {
            await lake.EmulateAsync(BuiltIn.Transaction, 10 * run, 10);
            PipelineReport report = await PipelineRun.RunAsync(lake.Lake, new PipelineRequest { Select = "silver.transactions" }, TimeProvider.System, null, AuditedLake.Token);
            Assert.Empty(report.Failures);
        }

        AuditReport clean = await lake.AuditAsync(AuditLayer.Lake, AuditLayer.Bronze, AuditLayer.Silver);
        Assert.DoesNotContain(clean.Findings, finding => finding.Layer == AuditLayer.Lake);
        Assert.All(clean.Tables.Where(table => table.Name is "bronze.transactions" or "silver.transactions"), table => Assert.Equal((true, 180, null), (table.IsClean, table.Counts.Found, table.Behind)));

        foreach (string folder in (string[])["_lakelab/ranges/transaction", "_lakelab/progress/bronze.transactions"])
        {
            string condensed = Assert.Single(Directory.GetFiles(Path.Combine(lake.Folder, folder)), file => Path.GetFileName(file).StartsWith('0') && file.EndsWith("15.json", StringComparison.Ordinal) && Path.GetFileName(file).Contains('-', StringComparison.Ordinal));
            File.Delete(condensed);
            AuditReport report = await lake.AuditAsync(AuditLayer.Lake);
            Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Missing && finding.Place == folder + "/" && finding.Cause == "documents 0 to 15 are gone though later ones are there");
        }
    }

    private static void Tamper(AuditedLake lake, Guid emulation, string tamper)
    {
        string claims = Path.Combine(lake.Folder, "_lakelab/ranges/transaction");
        string manifest = Path.Combine(lake.Folder, $"raw/_emulations/{emulation}.json");
        string Part(int number) => Path.Combine(lake.Folder, $"raw/_emulations/{emulation}/{number:D8}.json");
        Action act = tamper switch
        {
            "claim gone" => () => File.Delete(Path.Combine(claims, "0.json")),
            "claims gone" => () => Directory.Delete(claims, recursive: true),
            "claim shortened" => () => Edit(Path.Combine(claims, "0.json"), json => json["rows"] = 500),
            "claim lengthened" => () => Edit(Path.Combine(claims, "0.json"), json => json["rows"] = 700),
            "claim of another" => () => Edit(Path.Combine(claims, "0.json"), json => json["emulation"] = Guid.Empty.ToString()),
            "claim damaged" => () => File.WriteAllText(Path.Combine(claims, "0.json"), "{"),
            "manifest gone" => () => File.Delete(manifest),
            "manifest damaged" => () => File.WriteAllText(manifest, "{"),
            "range shortened" => () => Edit(manifest, json => json["ranges"]![0]!["rows"] = 500),
            "range lengthened" => () => Edit(manifest, json => json["ranges"]![0]!["rows"] = 700),
            "delivered rows" => () => Edit(manifest, json => json["delivered_rows"] = 599),
            "delivered bytes" => () => Edit(manifest, json => json["delivered_bytes"] = 1),
            "chunks" => () => Edit(manifest, json => json["chunks"] = 4),
            "world" => () => Edit(manifest, json => json["world"]!["seed"] = 99),
            "domain" => () => Edit(manifest, json => json["domain"] = "transactions"),
            "first part gone" => () => File.Delete(Part(0)),
            "middle part gone" => () => File.Delete(Part(1)),
            "last part gone" => () => File.Delete(Part(2)),
            "part rows" => () => Edit(Part(0), json => json["rows"] = 7),
            "part first row" => () => Edit(Part(1), json => json["first_row"] = 7),
            "part key" => () => Edit(Part(1), json => json["key"] = "raw/transaction/x.json"),
            _ => throw new ArgumentException(tamper),
        };
        act();
    }

    private static void Edit(string path, Action<JsonNode> edit)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private static void CopyTree(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
