using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class ProgressTampers(LedgerLake ledger)
{
    private const string Bronze = "_lakelab/progress/bronze.transactions";
    private const string Silver = "_lakelab/progress/silver.transactions";

    private static readonly Tamper[] s_tampers =
    [
        new("bronze: the first batch gone", lake => DeleteBatch(lake, Bronze, 0), new Told("lake", FindingKind.Missing) { Cause = "document 0 is gone" }),
        new("bronze: the last batch gone", lake => DeleteBatch(lake, Bronze, 1), new Told("lake", FindingKind.Missing) { Cause = "bronze.transactions has more batches than are recorded" }),
        new("bronze: all batches gone", lake => lake.Delete(Bronze), new Told("lake", FindingKind.Missing) { Cause = "bronze.transactions has more batches than are recorded" }),
        Batch("bronze: an object left out", batch => Objects(batch).RemoveAt(0), new Told("bronze.transactions", FindingKind.Unexpected), new Told("silver.transactions", FindingKind.Unexpected)),
        Batch("bronze: an object of a batch that has it not", batch => Objects(batch).Add(With(Objects(batch)[0]!, "key", "raw/transaction/none.json")), new Told("lake", FindingKind.Contradictory)),
        Batch("bronze: an object twice", batch => Objects(batch).Add(Objects(batch)[0]!.DeepClone()), new Told("lake", FindingKind.Contradictory)),
        Batch("bronze: another checksum of an object", batch => Objects(batch)[0]!["checksum"] = new string('0', 32), new Told("lake", FindingKind.Contradictory, "checksum")),
        Batch("bronze: another length of an object", batch => Objects(batch)[0]!["length"] = 5, new Told("lake", FindingKind.Contradictory, "length")),
        Batch("bronze: another emulation's object", batch => Objects(batch)[0]!["emulation"] = Guid.Empty, new Told("lake", FindingKind.Contradictory, "emulation")),
        new("bronze: a batch that is not JSON", lake => File.WriteAllText(Path.Combine(lake.Folder, lake.Keys(Bronze)[^1]), "{"), new Told("lake", FindingKind.Damaged)),
        new("bronze: batches that never were", lake => { Add(lake, Bronze, 2); Add(lake, Bronze, 3); Add(lake, Bronze, 4); }, new Told("lake", FindingKind.Missing) { Cause = "records more batches than the table has" }, new Told("lake", FindingKind.Contradictory) { Cause = "it says again" }),
        new("silver: the last batch gone", lake => lake.Delete(lake.Keys(Silver)[^1]), new Told("lake", FindingKind.Missing) { Cause = "silver.transactions has more batches than are recorded" }),
        new("silver: all batches gone", lake => lake.Delete(Silver), new Told("lake", FindingKind.Missing) { Cause = "silver.transactions has more batches than are recorded" }),
        Read("silver: read up to a version that is not there", read => read["until"] = 99, new Told("lake", FindingKind.Missing) { Cause = "was made of a later version" }),
        Read("silver: read up to an earlier version", read => read["until"] = 0, new Told("silver.transactions", FindingKind.Unexpected)),
        new("all progress gone", lake => lake.Delete("_lakelab/progress"), new Told("lake", FindingKind.Missing) { Cause = "has more batches than are recorded" }),
        new("a run that left a later version", lake => lake.Edit(lake.Keys("_lakelab/runs")[^1], json => json["models"]!.AsArray().First(model => (string?)model!["table"] == "silver.transactions")!["version"] = 99), new Told("lake", FindingKind.Missing) { Place = "silver.transactions", Cause = "left it at a later version" }),
        new("a run that is not JSON", lake => File.WriteAllText(Path.Combine(lake.Folder, lake.Keys("_lakelab/runs")[^1]), "{"), new Told("lake", FindingKind.Damaged) { Place = "_lakelab/runs/" }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ProgressTampered_IsTold(string name) => ledger.TryAsync(s_tampers, name);

    // Of a batch that has done its work, another document says more.
    private static Tamper Batch(string name, Action<JsonNode> edit, params Told[] told) => new(name, lake => Array.ForEach(lake.Keys(Bronze).Where(IsFirst).ToArray(), key => lake.Edit(key, edit)), told);

    private static Tamper Read(string name, Action<JsonNode> edit, params Told[] told) =>
        new(name, lake => lake.Edit(lake.Keys(Silver)[^1], json => edit(json["tables"]!.AsObject().First().Value!)), told);

    private static bool IsFirst(string key) => key.Contains("/000000000000", StringComparison.Ordinal);

    private static JsonArray Objects(JsonNode batch) => batch["objects"]!.AsArray();

    private static JsonNode With(JsonNode item, string member, string value)
    {
        JsonNode copy = item.DeepClone();
        copy[member] = value;
        return copy;
    }

    private static void DeleteBatch(AuditedLake lake, string folder, int number) =>
        Array.ForEach(lake.Keys(folder).Where(key => key.Contains($"/{number:D12}", StringComparison.Ordinal)).ToArray(), lake.Delete);

    private static void Add(AuditedLake lake, string folder, int number) =>
        File.Copy(Path.Combine(lake.Folder, $"{folder}/{0:D12}.json"), Path.Combine(lake.Folder, $"{folder}/{number:D12}.json"));
}
