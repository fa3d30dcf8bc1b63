using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class PresenceTampers(LedgerLake ledger)
{
    private static readonly Tamper[] s_tampers =
    [
        Gone("bronze/transactions", "bronze.transactions"),
        Gone("silver/transactions", "silver.transactions"),
        Gone("silver/transactions/_delta_log", "silver.transactions"),
        Gone("silver/transactions_daily", "silver.transactions_daily"),
        Gone("silver/quarantine", "silver.quarantine"),
        Gone("gold/fraud_features", "gold.fraud_features"),
        Gone("gold/daily_spend/_delta_log", "gold.daily_spend"),
        Gone("reference/fx_rates", "reference.fx_rates"),
        Gone("reference", "reference.fx_rates"),
        Gone("gold", "gold.daily_spend", "gold.customer_360", "gold.merchant_performance", "gold.device_activity", "gold.fraud_features"),
        new("raw: all of it gone", lake => lake.Delete("raw"), new Told("lake", FindingKind.Missing)),
        new("raw: all objects of a domain gone", lake => lake.Delete("raw/device-log"), new Told("raw/device-log", FindingKind.Missing) { Records = 180 }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_SomethingGone_IsTold(string name) => ledger.TryAsync(s_tampers, name);

    private static Tamper Gone(string folder, params string[] tables) =>
        new($"{folder}: gone", lake => lake.Delete(folder), [.. tables.Select(table => new Told(table, FindingKind.Missing) { Place = table, Cause = "it is not there, though" })]);
}
