using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class ClaimTampers(LedgerLake ledger)
{
    private const string Payments = "_lakelab/ranges/transaction";
    private const string Logins = "_lakelab/ranges/device-log";

    private static readonly Tamper[] s_tampers =
    [
        new("the first claim gone", lake => lake.Delete($"{Payments}/0.json"), Missing("document 0 is gone though later ones are there")),
        new("the last claim gone", lake => lake.Delete($"{Payments}/3.json"), Missing("no claim says that emulation")),
        new("all claims of a domain gone", lake => lake.Delete(Payments), Missing("no claim says that emulation")),
        Claim("a claim shortened", 0, json => json["rows"] = 100, Contradictory("claims other rows")),
        Claim("a claim lengthened into the next", 0, json => json["rows"] = 310, Contradictory("both claim rows 300–309")),
        Claim("a claim lengthened into the gap", 1, json => json["rows"] = 50, Contradictory("claims more rows than its manifest has")),
        Claim("a claim moved", 3, json => json["first_row"] = 1_990, Contradictory("claims other rows")),
        Claim("a claim without rows", 3, json => json["rows"] = 0, Missing("no claim says that emulation")),
        Claim("a claim of fewer than no rows", 3, json => json["rows"] = -5, new Told("lake", FindingKind.Damaged) { Place = $"{Payments}/3.json" }),
        Claim("a claim of more rows than there are numbers", 3, json => json["rows"] = long.MaxValue, new Told("lake", FindingKind.Damaged) { Place = $"{Payments}/3.json" }),
        Claim("a claim of another emulation", 3, json => json["emulation"] = Guid.Empty, Missing("")),
        new("a claim twice", lake => File.Copy(Path.Combine(lake.Folder, $"{Payments}/1.json"), Path.Combine(lake.Folder, $"{Payments}/4.json")), Contradictory("both claim rows 300–339")),
        new("a claim that is not JSON", lake => File.WriteAllText(Path.Combine(lake.Folder, $"{Payments}/1.json"), "claim"), new Told("lake", FindingKind.Damaged) { Place = $"{Payments}/1.json" }),
        new("a claim that nobody used", lake => File.WriteAllText(Path.Combine(lake.Folder, $"{Payments}/4.json"), $$"""{"emulation":"{{Guid.Empty}}","first_row":5000,"rows":10}"""), Missing("claims rows 5000–5009 for it")),
        new("the end of a claim gone", lake => lake.Delete($"{Payments}/2-end.json"), Contradictory("claims more rows than its manifest has")),
        new("the end of a claim earlier", lake => lake.Edit($"{Payments}/2-end.json", json => json["end_row"] = 1_000), Missing("no claim says that emulation")),
        new("the end of a claim later", lake => lake.Edit($"{Payments}/2-end.json", json => json["end_row"] = 1_299), Contradictory("claims more rows than its manifest has")),
        new("the end of a claim before its beginning", lake => lake.Edit($"{Payments}/2-end.json", json => json["end_row"] = 5), new Told("lake", FindingKind.Damaged) { Place = $"{Payments}/2" }),
        new("an end for a claim that has none", lake => File.Copy(Path.Combine(lake.Folder, $"{Payments}/2-end.json"), Path.Combine(lake.Folder, $"{Payments}/3-end.json")), new Told("lake", FindingKind.Damaged)),
        new("an end for a claim that is not there yet", lake => File.WriteAllText(Path.Combine(lake.Folder, $"{Payments}/4-end.json"), "{\"end_row\":5000}"), new Told("lake", FindingKind.Unexpected) { Place = $"{Payments}/4-end.json" }),
        new("condensed claims: gone", lake => lake.Delete($"{Logins}/0-15.json"), Missing("documents 0 to 15 are gone")),
        Condensed("condensed claims: one gone", entries => entries.RemoveAt(3), new Told("lake", FindingKind.Damaged) { Place = "0-15.json" }),
        Condensed("condensed claims: one twice", entries => entries.Add(entries[3]!.DeepClone()), new Told("lake", FindingKind.Damaged) { Place = "0-15.json" }),
        Condensed("condensed claims: one shortened", entries => entries[3]!["rows"] = 5, Contradictory("claims other rows")),
        Condensed("condensed claims: one lengthened", entries => entries[3]!["rows"] = 15, Contradictory("both claim rows 40–44")),
        Condensed("condensed claims: one ended", entries => entries[3]!["ended_at"] = 35, Contradictory("claims other rows")),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ClaimTampered_IsTold(string name) => ledger.TryAsync(s_tampers, name);

    private static Tamper Claim(string name, int number, Action<JsonNode> edit, params Told[] told) => new(name, lake => lake.Edit($"{Payments}/{number}.json", edit), told);

    private static Tamper Condensed(string name, Action<JsonArray> edit, params Told[] told) => new(name, lake => lake.Edit($"{Logins}/0-15.json", json => edit(json["entries"]!.AsArray())), told);

    private static Told Missing(string cause) => new("lake", FindingKind.Missing) { Cause = cause };

    private static Told Contradictory(string cause) => new("lake", FindingKind.Contradictory) { Cause = cause };
}
