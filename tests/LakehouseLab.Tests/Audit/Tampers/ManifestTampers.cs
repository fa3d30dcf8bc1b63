using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World.Domains;
using static LakehouseLab.Tests.Audit.Tampers.DocumentEdits;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class ManifestTampers(LedgerLake ledger)
{
    private static readonly Domain s_payments = BuiltIn.Transaction;

    private static readonly Tamper[] s_tampers =
    [
        Manifest("ranges: fewer rows", json => json["ranges"]![0]!["rows"] = 200, Ranges("rows 0–199")),
        Manifest("ranges: more rows", json => json["ranges"]![0]!["rows"] = 400, Ranges("rows 0–399")),
        Manifest("ranges: an enormous number of rows", json => json["ranges"]![0]!["rows"] = 900_000_000_000_000_000, Ranges("rows 0–899999999999999999")),
        Manifest("ranges: more rows than there are numbers", json => json["ranges"]![0]!["rows"] = long.MaxValue, Damaged()),
        Manifest("ranges: another first row", json => json["ranges"]![0]!["first_row"] = 10, Ranges("rows 10–309")),
        Manifest("ranges: a first row below 0", json => json["ranges"]![0]!["first_row"] = -10, Damaged()),
        Manifest("ranges: none", json => json["ranges"] = new JsonArray(), Damaged()),
        Manifest("ranges: no such member", json => json.AsObject().Remove("ranges"), Damaged()),
        Manifest("delivered_rows: one less", json => json["delivered_rows"] = 299, Contradictory("delivered_rows")),
        Manifest("delivered_bytes: one", json => json["delivered_bytes"] = 1, Contradictory("delivered_bytes")),
        Manifest("chunks: one more", json => json["chunks"] = (int)json["chunks"]! + 1, new Told("lake", FindingKind.Missing)),
        Manifest("chunks: one less", json => json["chunks"] = (int)json["chunks"]! - 1, Contradictory("chunks")),
        Manifest("world: another seed", json => json["world"]!["seed"] = 99, Contradictory()),
        Manifest("domain: another", json => json["domain"] = "device-log", Contradictory("domain") with { Expected = "transaction" }),
        Manifest("format: another", json => json["format"] = "csv", Contradictory("format") with { Expected = "json", Found = "csv" }),
        Manifest("compression: another", json => json["compression"] = "gzip", Contradictory("format") with { Found = "json.gz" }),
        Manifest("sync: a topic", json => json["sync"] = "kafka", Contradictory("sync")),
        Manifest("sync: S3 without a place", json => json["sync"] = "minio", Contradictory("sync")),
        Manifest("delivery: a guarantee for objects", json => json["delivery"] = "exactly_once", Contradictory("sync")),
        Manifest("sync: an unknown one", json => json["sync"] = "tape", Damaged()),
        Manifest("id: another", json => json["id"] = Guid.Empty, Contradictory("id")),
        Manifest("state: one that there is not", json => json["state"] = "done", Damaged()),
        new("manifest: gone", lake => lake.Delete(Key(lake)), new Told("lake", FindingKind.Missing) { Place = "raw/_emulations/" }),
        new("manifest: gone with its parts", lake => { lake.Delete(Key(lake)[..^5]); lake.Delete(Key(lake)); }, new Told("lake", FindingKind.Missing) { Place = "raw/_emulations/" }),
        new("manifest: no JSON", lake => File.WriteAllText(Path.Combine(lake.Folder, Key(lake)), "{"), Damaged()),
        new("manifest: a second one for the same rows", Twice, Contradictory() with { Cause = "both deliver rows 0–299" }, new Told("lake", FindingKind.Missing)),
        Part("part: fewer rows", json => json["rows"] = 7, Contradictory("rows")),
        Part("part: another first row", json => json["first_row"] = 7, Contradictory("first_row")),
        Part("part: another key", json => json["key"] = "raw/transaction/x.json", Contradictory("key")),
        Part("part: another number", json => json["number"] = 9, Damaged() with { Cause = "it lists chunk 9" }),
        Part("part: another checksum", json => json["checksum"] = new string('0', 32), new Told("raw/transaction", FindingKind.Contradictory, "checksum")),
        Part("part: no checksum", json => json["checksum"] = "", Damaged() with { Cause = "it has no checksum" }),
        new("part: another size, in the manifest too", Grow, new Told("raw/transaction", FindingKind.Contradictory, "bytes")),
        new("parts: exchanged", lake => lake.ExchangeFiles(PartOf(Key(lake), 0), PartOf(Key(lake), 1)), Damaged() with { Cause = "it lists chunk" }),
        new("parts: one gone", lake => lake.Delete(PartOf(Key(lake), 1)), new Told("lake", FindingKind.Missing) { Place = "00000001.json" }),
        new("parts: all gone", lake => lake.Delete(Key(lake)[..^5]), new Told("lake", FindingKind.Missing) { Place = "00000000.json" }),
        new("parts: one too many", Add, new Told("lake", FindingKind.Unexpected) { Place = "00000003.json" }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ManifestTampered_IsTold(string name) => ledger.TryAsync(s_tampers, name);

    [Fact]
    public async Task RunAsync_WorldGone_SaysThatItWasThere()
    {
        using AuditedLake lake = await ledger.CopyAsync();
        lake.Delete("_lakelab/world.json");
        LakeException failure = await Assert.ThrowsAsync<LakeException>(() => lake.AuditAsync());
        Assert.Contains("_lakelab/world.json is gone though raw/_emulations/", failure.Message, StringComparison.Ordinal);
    }

    private static string Key(AuditedLake lake) => lake.ManifestOf(s_payments, 0);

    private static Tamper Manifest(string name, Action<JsonNode> edit, params Told[] told) => new(name, lake => lake.Edit(Key(lake), edit), told);

    private static Tamper Part(string name, Action<JsonNode> edit, params Told[] told) => new(name, lake => lake.Edit(PartOf(Key(lake), 1), edit), told);

    private static Told Contradictory(string? column = null) => new("lake", FindingKind.Contradictory, column);

    private static Told Ranges(string found) => Contradictory("ranges") with { Expected = "rows 0–299", Found = found, Cause = "say otherwise" };

    private static Told Damaged() => new("lake", FindingKind.Damaged) { Place = "raw/_emulations/" };

    private static void Twice(AuditedLake lake)
    {
        string key = Key(lake);
        string copy = $"raw/_emulations/{Guid.Empty}.json";
        File.Copy(Path.Combine(lake.Folder, key), Path.Combine(lake.Folder, copy));
        lake.Edit(copy, json => json["id"] = Guid.Empty);
    }

    private static void Grow(AuditedLake lake)
    {
        string key = Key(lake);
        lake.Edit(PartOf(key, 1), json => json["bytes"] = (long)json["bytes"]! + 1);
        lake.Edit(key, json => json["delivered_bytes"] = (long)json["delivered_bytes"]! + 1);
    }

    private static void Add(AuditedLake lake)
    {
        string manifest = Key(lake);
        int chunks = (int)lake.Document(manifest)["chunks"]!;
        string part = PartOf(manifest, chunks);
        File.Copy(Path.Combine(lake.Folder, PartOf(manifest, 0)), Path.Combine(lake.Folder, part));
        lake.Edit(part, json => json["number"] = chunks);
    }
}
