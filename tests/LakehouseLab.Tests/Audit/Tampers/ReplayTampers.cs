using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

/// <summary>A replay brings what progress records into Bronze, and nothing else can pass for one.</summary>
public sealed class ReplayTampers(ReplayedLake replayed)
{
    private const string BronzeFolder = "bronze/transactions";
    private const string SilverFolder = "silver/transactions";
    private const string QuarantineFolder = "silver/quarantine";
    private const string IsReplay = "_source LIKE 'quarantine/%'";
    private const string IsStranger = $"{IsReplay} AND payload LIKE '%{ReplayedLake.Stranger}%'";
    private const string IsStrangerRow = $"transaction_id = '{ReplayedLake.Stranger}'";
    private const string Never = "'quarantine/00000000000000000000000000000000'";

    // The stranger's replay comes last of four.
    private const string StrangersBatch = "_lakelab/progress/bronze.transactions/000000000004.json";

    private static readonly Tamper[] s_tampers =
    [
        new("a record smuggled as a repair", lake => lake.Replace(BronzeFolder, $"FROM this UNION ALL SELECT * REPLACE ({Never} AS _source, NULL AS _emulation_id, 0 AS _offset) FROM this WHERE {TableEdits.OneRow}"), InBronze(FindingKind.Unexpected) with { Cause = "no batch that progress records" }),
        new("a record turned into a repair", lake => lake.Replace(BronzeFolder, $"SELECT * REPLACE (CASE WHEN {TableEdits.OneRow} THEN {Never} ELSE _source END AS _source) FROM this"), InBronze(FindingKind.Unexpected), InBronze(FindingKind.Missing)),
        new("a repaired record altered", lake => Each(lake, BronzeFolder, $"SELECT * REPLACE (CASE WHEN {IsStranger} THEN replace(payload, 'currency', 'Currency') ELSE payload END AS payload) FROM this"), InBronze(FindingKind.Altered, "payload")),
        new("a repaired record with a key", lake => Each(lake, BronzeFolder, $"SELECT * REPLACE (CASE WHEN {IsStranger} THEN '7' ELSE _key END AS _key) FROM this"), InBronze(FindingKind.Altered, "_key")),
        new("a repaired record of another batch", lake => Each(lake, BronzeFolder, $"SELECT * REPLACE (CASE WHEN {IsStranger} THEN _batch - 1 ELSE _batch END AS _batch) FROM this"), InBronze(FindingKind.Altered, "_batch")),
        new("a repaired record twice", lake => Each(lake, BronzeFolder, $"FROM this UNION ALL FROM this WHERE {IsStranger}"), InBronze(FindingKind.Duplicated)),
        new("a repaired record lost", lake => lake.Remove(BronzeFolder, TableTampering.Files(lake, BronzeFolder).Single(file => file.Contains("00000004-", StringComparison.Ordinal))), InBronze(FindingKind.Missing)),
        new("a replay taken from progress", lake => lake.Edit(StrangersBatch, batch => batch.AsObject().Remove("replayed")), InBronze(FindingKind.Unexpected) with { Key = ReplayedLake.Stranger }, new("silver.transactions", FindingKind.Unexpected) { Key = ReplayedLake.Stranger }, Sum("silver.transactions_daily"), Sum("gold.daily_spend"), Sum("gold.merchant_performance"), Sum("gold.customer_360"), Sum("gold.fraud_features"), Sum("gold.fraud_features", FindingKind.Unexpected)),
        new("another payload in progress", lake => lake.Edit(StrangersBatch, batch => batch["replayed"]![0]!["payload"] = ((string)batch["replayed"]![0]!["payload"]!).Replace("EUR", "USD", StringComparison.Ordinal).Replace("USD", "CHF", StringComparison.Ordinal) + " "), InBronze(FindingKind.Altered, "payload")),
        new("a repaired row altered", lake => Each(lake, SilverFolder, $"SELECT * REPLACE (CASE WHEN {IsStrangerRow} THEN amount + 1 ELSE amount END AS amount) FROM this"), InSilver(FindingKind.Altered, "amount")),
        new("a repaired row of another key", lake => Each(lake, SilverFolder, $"SELECT * REPLACE (CASE WHEN {IsStrangerRow} THEN replace(transaction_id, '1', '2') ELSE transaction_id END AS transaction_id) FROM this"), InSilver(FindingKind.Altered, "transaction_id")),
        new("a repaired row of another time", lake => Each(lake, SilverFolder, $"SELECT * REPLACE (CASE WHEN {IsStrangerRow} THEN _ingested_at + INTERVAL 1 SECOND ELSE _ingested_at END AS _ingested_at) FROM this"), InSilver(FindingKind.Altered, "_ingested_at")),
        new("a repaired row twice", lake => Each(lake, SilverFolder, $"FROM this UNION ALL FROM this WHERE {IsStrangerRow}"), InSilver(FindingKind.Duplicated)),
        new("a row smuggled as repaired", lake => lake.Replace(SilverFolder, $"FROM this UNION ALL SELECT * REPLACE ('0000abc0-0000-0000-0000-000000000009' AS transaction_id, {Never} AS _source) FROM this WHERE {TableEdits.OneRow}"), InSilver(FindingKind.Unexpected)),
        new("a repaired row lost", lake => Each(lake, SilverFolder, $"FROM this WHERE NOT ({IsStrangerRow})"), InQuarantine(FindingKind.Missing) with { Key = ReplayedLake.Stranger }),
        new("a row that was repaired said to be another's", lake => Each(lake, SilverFolder, $"SELECT * REPLACE (CASE WHEN {IsReplay} AND NOT ({IsStrangerRow}) THEN 'raw/transaction/others.json' ELSE _source END AS _source) FROM this"), new Told("silver.transactions", FindingKind.Altered, "_source") { Row = ReplayedLake.RepairedRow }),
        new("a repaired conflict lost", lake => Each(lake, QuarantineFolder, $"FROM this WHERE NOT ({IsReplay})"), InQuarantine(FindingKind.Missing)),
        new("a repaired row said to be refused", lake => Each(lake, QuarantineFolder, $"SELECT * REPLACE (CASE WHEN {IsReplay} THEN '{SourceOfStranger(lake)}' ELSE _source END AS _source, CASE WHEN {IsReplay} THEN 4 ELSE _batch END AS _batch) FROM this"), InQuarantine(FindingKind.Unexpected), InQuarantine(FindingKind.Missing)),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ReplayTampered_IsTold(string name) => replayed.TryAsync(s_tampers, name);

    [Fact]
    public async Task RunAsync_Repaired_CompletesSilverAndCountsTheOthersApart()
    {
        AuditReport report = await replayed.AuditAsync();
        TableAudit silver = Assert.Single(report.Tables, table => table.Name == "silver.transactions");
        Assert.Equal((601L, 601L, 1L, "complete and unaltered, 1 replayed"), (silver.Counts.Expected, silver.Counts.Found, silver.Counts.Replayed, silver.Verdict));
        TableAudit bronze = Assert.Single(report.Tables, table => table.Name == "bronze.transactions");
        Assert.Equal((604L, 607L, 4L, 4L), (bronze.Counts.Expected, bronze.Counts.Found, bronze.Counts.Replayed, bronze.Counts.Unexpected));
        Assert.True(Assert.Single(report.Tables, table => table.Name == "silver.quarantine").IsClean);
        Assert.Contains("repaired records", Assert.Single(report.Tables, table => table.Name == "gold.daily_spend").NotAudited, StringComparison.Ordinal);
    }

    private static void Each(AuditedLake lake, string table, string query)
    {
        foreach (string file in TableTampering.Files(lake, table))
        {
            TableTampering.Rewrite(file, query);
        }
    }

    private static string SourceOfStranger(AuditedLake lake) => $"quarantine/{(string)lake.Document(StrangersBatch)["replayed"]![0]!["id"]!}";

    private static Told InBronze(FindingKind kind, string? column = null) => new("bronze.transactions", kind, column) { Records = 1 };

    private static Told InSilver(FindingKind kind, string? column = null) => new("silver.transactions", kind, column) { Records = 1 };

    // What is no repair any more is a row that nothing explains, also in sums.
    private static Told Sum(string table, FindingKind kind = FindingKind.Altered) => new(table, kind);

    private static Told InQuarantine(FindingKind kind) => new("silver.quarantine", kind) { Records = 1 };
}
