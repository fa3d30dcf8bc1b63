using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class GoldTampers(WholeLake whole)
{
    private static readonly Tamper[] s_tampers =
    [
        Value("silver.transactions_daily", "payments", "payments + 1", "day, user_id, merchant, currency"),
        Value("silver.transactions_daily", "largest_amount", "largest_amount + 0.0001", "day, user_id, merchant, currency"),
        Value("silver.transactions_daily", "fraud_amount", "coalesce(fraud_amount, 0) + 0.01", "day, user_id, merchant, currency"),
        Value("silver.user_profiles", "risk_level", "'unknown'", "user_id"),
        Value("silver.user_profiles", "valid_from", "valid_from + INTERVAL 1 MICROSECOND", "user_id"),
        Value("gold.daily_spend", "payments", "payments - 1", "day, user_id, currency"),
        Value("gold.daily_spend", "largest_amount", "0", "day, user_id, currency"),
        Value("gold.daily_spend", "merchants", "merchants + 1", "day, user_id, currency"),
        Value("gold.merchant_performance", "customers", "customers + 1", "merchant, currency"),
        Value("gold.merchant_performance", "active_days", "active_days + 1", "merchant, currency"),
        Value("gold.merchant_performance", "fraud_share", "0.999999", "merchant, currency"),
        Value("gold.device_activity", "os", "os || ' '", "user_id, device_id"),
        Value("gold.device_activity", "open_sessions", "coalesce(open_sessions, 0) + 1", "user_id, device_id"),
        Value("gold.device_activity", "places", "places + 1", "user_id, device_id"),
        Value("gold.customer_360", "credit_score", "credit_score - 0.1", "user_id"),
        Value("gold.customer_360", "first_day", "first_day - 1", "first_day, user_id"),
        Value("gold.customer_360", "devices", "coalesce(devices, 0) + 1", "user_id"),
        Value("gold.fraud_features", "payments_30d", "NULL", "transaction_id"),
        Value("gold.fraud_features", "user_id", "user_id + 1", "transaction_id"),
        new("a month's sum moved from one person to another", lake => lake.Replace("gold/daily_spend", Numbered("day, user_id, currency", "SELECT * EXCLUDE (n) REPLACE (CASE n WHEN 1 THEN amount + 1 WHEN 2 THEN amount - 1 ELSE amount END AS amount) FROM numbered")), Of("gold.daily_spend", FindingKind.Altered, "amount") with { Records = 2 }),
        new("a person of nobody", lake => lake.Replace("gold/customer_360", "FROM this UNION ALL SELECT * REPLACE (777777 AS user_id) FROM this WHERE user_id = (SELECT min(user_id) FROM this)"), Of("gold.customer_360", FindingKind.Unexpected) with { Key = "user_id 777777" }),
        new("a person lost", lake => lake.Replace("gold/customer_360", "FROM this WHERE user_id <> 42"), Of("gold.customer_360", FindingKind.Missing) with { Key = "user_id 42" }),
        new("a person twice in two files", lake => lake.Add("gold/customer_360", "FROM this WHERE user_id = 42"), Of("gold.customer_360", FindingKind.Duplicated) with { Key = "user_id 42" }),
        new("a merchant renamed", lake => lake.Replace("gold/merchant_performance", Numbered("merchant, currency", "SELECT * EXCLUDE (n) REPLACE (CASE n WHEN 1 THEN merchant || '!' ELSE merchant END AS merchant) FROM numbered")), Of("gold.merchant_performance", FindingKind.Missing), Of("gold.merchant_performance", FindingKind.Unexpected) with { Key = "!" }),
        new("an older version of a table", lake => lake.Commit("gold/customer_360", OldestAdd(lake)), new Told("gold.customer_360", FindingKind.Duplicated), new Told("gold.customer_360", FindingKind.Altered)),
        new("a table gone", lake => Directory.Delete(lake.PathOf("gold/fraud_features"), recursive: true), new Told("gold.fraud_features", FindingKind.Missing) { Records = 0, Cause = "it is not there, though" }),
        new("a layer gone", lake => Directory.Delete(lake.PathOf("gold"), recursive: true), [.. ((string[])["daily_spend", "merchant_performance", "device_activity", "customer_360", "fraud_features"]).Select(table => new Told($"gold.{table}", FindingKind.Missing) { Records = 0 })]),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_GoldTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);

    private static Tamper Value(string table, string column, string value, string order) => new(
        $"{table}: {column}",
        lake => lake.Replace(table.Replace('.', '/'), Numbered(order, $"SELECT * EXCLUDE (n) REPLACE (CASE n WHEN 1 THEN {value} ELSE {column} END AS {column}) FROM numbered")),
        Of(table, FindingKind.Altered, column));

    private static string Numbered(string order, string query) => $"WITH numbered AS (SELECT *, row_number() OVER (ORDER BY {order}) AS n FROM this) {query}";

    private static Told Of(string table, FindingKind kind, string? column = null) => new(table, kind, column) { Records = 1 };

    private static JsonObject OldestAdd(AuditedLake lake)
    {
        JsonObject? oldest = null;
        TableTampering.ChangeLog(lake, "gold/customer_360", action =>
        {
            oldest ??= action["add"] is null ? null : action.DeepClone().AsObject();
            return action;
        });

        // Files are read in the order of their names, and of two rows of a key the one that is read first is compared.
        const string First = "a-first.parquet";
        JsonNode add = oldest!["add"]!;
        File.Copy(lake.PathOf($"gold/customer_360/{add["path"]!.GetValue<string>()}"), lake.PathOf($"gold/customer_360/{First}"));
        add["path"] = First;
        return oldest;
    }
}
