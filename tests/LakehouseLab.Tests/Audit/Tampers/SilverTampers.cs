using LakehouseLab.Audit.Reports;
using static LakehouseLab.Tests.Audit.Tampers.TableEdits;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class SilverTampers(WholeLake whole)
{
    private const string Payments = "silver/transactions";
    private const string Logins = "silver/device_logs";
    private const string People = "silver/user_profiles_history";

    private static readonly Tamper[] s_tampers =
    [
        new("an amount with its comma moved", lake => lake.Set(Payments, "amount", "CAST(amount / 10 AS DECIMAL(15, 4))"), Of(FindingKind.Altered, "amount")),
        new("an amount negated", lake => lake.Set(Payments, "amount", "-amount"), Of(FindingKind.Altered, "amount") with { Found = "-" }),
        new("a currency in small letters", lake => lake.Set(Payments, "currency", "lower(currency)"), Of(FindingKind.Altered, "currency")),
        new("a merchant with an invisible character", lake => lake.Set(Payments, "merchant", "merchant || chr(8203)"), Of(FindingKind.Altered, "merchant")),
        new("a time in another zone", lake => lake.Set(Payments, "timestamp", "timestamp + INTERVAL 1 HOUR"), Of(FindingKind.Altered, "timestamp")),
        new("a location taken away", lake => lake.Set(Payments, "location", "NULL"), Of(FindingKind.Altered, "location") with { Found = "nothing" }),
        new("a label turned over", lake => lake.Set(Payments, "is_fraud", "NOT is_fraud"), Of(FindingKind.Altered, "is_fraud")),
        new("a label that was not delivered", lake => TableTampering.Rewrite(TableTampering.Files(lake, Payments).MinBy(file => new FileInfo(file).Length)!, $"SELECT * REPLACE (CASE WHEN {OneRow} THEN false ELSE is_fraud END AS is_fraud) FROM this"), Of(FindingKind.Altered, "is_fraud") with { Expected = "nothing", Found = "false" }),
        new("another cardholder", lake => lake.Set(Payments, "user_id", "user_id + 1"), Of(FindingKind.Altered, "user_id")),
        new("amounts of two rows exchanged", lake => lake.Exchange(Payments, "amount"), Of(FindingKind.Altered, "amount") with { Records = 2 }),
        new("keys of two rows exchanged", lake => lake.Exchange(Payments, "transaction_id"), Of(FindingKind.Altered) with { Records = 2 }),
        new("a row lost", lake => lake.Replace(Payments, $"FROM this WHERE NOT ({OneRow})"), Of(FindingKind.Missing)),
        new("a row twice", lake => lake.Replace(Payments, $"FROM this UNION ALL FROM this WHERE {OneRow}"), Of(FindingKind.Duplicated)),
        new("a row twice in two files", lake => lake.Add(Payments, $"FROM this WHERE {OneRow}"), Of(FindingKind.Duplicated)),
        new("a row twice, once with another amount", lake => lake.Replace(Payments, $"FROM this UNION ALL SELECT * REPLACE (amount + 1 AS amount) FROM this WHERE {OneRow}"), Of(FindingKind.Duplicated, "amount")),
        new("a row without key", lake => lake.Replace(Payments, $"FROM this UNION ALL SELECT * REPLACE (NULL AS transaction_id) FROM this WHERE {OneRow}"), Of(FindingKind.Unexpected)),
        new("a row of another world", lake => lake.Replace(Payments, $"FROM this UNION ALL SELECT * REPLACE ('ffffffff-ffff-8fff-bfff-ffffffffffff' AS transaction_id) FROM this WHERE {OneRow}"), Of(FindingKind.Unexpected) with { Key = "ffffffff" }),
        new("all rows of a file lost", lake => lake.Replace(Payments, "FROM this LIMIT 0"), Of(FindingKind.Missing) with { Records = 3_500 }),
        new("a column left out of a file", lake => lake.Replace(Payments, "SELECT * EXCLUDE (currency) FROM this"), Of(FindingKind.Altered, "currency") with { Records = 3_500, Found = "nothing" }),
        new("the whole table again", lake => lake.Add(Logins, "FROM this"), Of(FindingKind.Duplicated, table: "device_logs") with { Records = 1_000 }),
        new("lines of two rows exchanged", lake => lake.Exchange(Payments, "_offset"), Of(FindingKind.Altered, "_offset") with { Records = 2 }),
        new("another source", lake => lake.Set(Payments, "_source", "upper(_source)"), Of(FindingKind.Altered, "_source") with { Found = "RAW/" }),
        new("another batch", lake => lake.Set(Payments, "_batch", "99"), Of(FindingKind.Altered, "_batch") with { Found = "99" }),
        new("another address", lake => lake.Set(Logins, "ip_address", "'127.0.0.1'"), Of(FindingKind.Altered, "ip_address", "device_logs") with { Found = "127.0.0.1" }),
        new("another device", lake => lake.Set(Logins, "device_id", "'00000000-0000-8000-8000-000000000000'"), Of(FindingKind.Altered, "device_id", "device_logs")),
        new("a session that ended later", lake => lake.Replace(Logins, "SELECT * REPLACE (logout_timestamp + INTERVAL 1 SECOND AS logout_timestamp) FROM this WHERE logout_timestamp IS NOT NULL UNION ALL FROM this WHERE logout_timestamp IS NULL"), Of(FindingKind.Altered, "logout_timestamp", "device_logs") with { Records = null }),
        new("a credit score raised", lake => lake.Set(People, "credit_score", "credit_score + 0.1"), Of(FindingKind.Altered, "credit_score", "user_profiles_history")),
        new("a name in other code points", lake => lake.Set(People, "name", "name || chr(769)"), Of(FindingKind.Altered, "name", "user_profiles_history")),
        new("a version's beginning moved", lake => lake.Set(People, "valid_from", "valid_from - INTERVAL 1 MICROSECOND"), Of(FindingKind.Altered, "valid_from", "user_profiles_history")),
        new("birthdays of two people exchanged", lake => lake.Exchange(People, "date_of_birth"), Of(FindingKind.Altered, "date_of_birth", "user_profiles_history") with { Records = 2 }),
        new("a person lost", lake => lake.Replace(People, $"FROM this WHERE NOT ({OneRow})"), Of(FindingKind.Missing, table: "user_profiles_history")),
        new("the table gone", lake => Directory.Delete(lake.PathOf(Payments), recursive: true), new Told("silver.transactions", FindingKind.Missing) { Records = 0, Cause = "it is not there, though" }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_SilverTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);

    private static Told Of(FindingKind kind, string? column = null, string table = "transactions") => new($"silver.{table}", kind, column) { Records = 1 };
}
