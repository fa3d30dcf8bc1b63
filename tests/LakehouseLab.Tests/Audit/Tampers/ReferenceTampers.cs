using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class ReferenceTampers(WholeLake whole)
{
    private const string Rates = "reference/fx_rates";

    private static readonly Tamper[] s_tampers =
    [
        new("a rate changed in its last digit", lake => lake.Set(Rates, "usd_rate", "usd_rate + 0.000001", "currency = 'EUR'"), Of(FindingKind.Altered, "usd_rate") with { Key = "currency EUR" }),
        new("rates of two currencies exchanged", lake => lake.Exchange(Rates, "usd_rate", "currency = 'EUR'", "currency = 'JPY'"), Of(FindingKind.Altered, "usd_rate") with { Records = 2 }),
        new("decimals changed", lake => lake.Set(Rates, "decimals", "CAST(3 AS INTEGER)", "currency = 'JPY'"), Of(FindingKind.Altered, "decimals") with { Key = "currency JPY", Found = "3" }),
        new("a rate taken away", lake => lake.Set(Rates, "usd_rate", "NULL", "currency = 'EUR'"), Of(FindingKind.Altered, "usd_rate") with { Found = "nothing" }),
        new("a currency lost", lake => lake.Replace(Rates, "FROM this WHERE currency <> 'EUR'"), Of(FindingKind.Missing) with { Key = "currency EUR" }),
        new("a currency twice", lake => lake.Replace(Rates, "FROM this UNION ALL FROM this WHERE currency = 'EUR'"), Of(FindingKind.Duplicated) with { Key = "currency EUR" }),
        new("a currency too many", lake => lake.Replace(Rates, "FROM this UNION ALL SELECT * REPLACE ('XXX' AS currency) FROM this WHERE currency = 'EUR'"), Of(FindingKind.Unexpected) with { Key = "currency XXX" }),
        new("a currency with a space", lake => lake.Set(Rates, "currency", "currency || ' '", "currency = 'EUR'"), Of(FindingKind.Missing), Of(FindingKind.Unexpected)),
        new("the table gone", lake => Directory.Delete(lake.PathOf("reference"), recursive: true), new Told("reference.fx_rates", FindingKind.Missing) { Records = 0 }),
        new("the log gone", lake => Directory.Delete(lake.PathOf($"{Rates}/_delta_log"), recursive: true), new Told("reference.fx_rates", FindingKind.Missing) { Records = 0 }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ReferenceTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);

    private static Told Of(FindingKind kind, string? column = null) => new("reference.fx_rates", kind, column) { Records = 1 };
}
