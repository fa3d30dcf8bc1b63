using LakehouseLab.Audit.Reports;
using static LakehouseLab.Tests.Audit.Tampers.TableEdits;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class BronzeTampers(WholeLake whole)
{
    private const string Payments = "bronze/transactions";
    private const string Logins = "bronze/device_logs";

    private static readonly Tamper[] s_tampers =
    [
        new("a digit of an amount", lake => lake.Set(Payments, "payload", "regexp_replace(payload, '\"amount\":[0-9]+', '\"amount\":77777')"), Altered("amount") with { Found = "77777" }),
        new("a space behind a payload", lake => lake.Set(Payments, "payload", "payload || ' '"), Altered()),
        new("a member too many", lake => lake.Set(Payments, "payload", "'{\"tip\":1,' || payload[2:]"), Altered("tip")),
        new("a member taken away", lake => lake.Set(Payments, "payload", "regexp_replace(payload, '\"currency\":\"[A-Z]+\",', '')"), Altered("currency")),
        new("a payload beside its bytes", lake => lake.Set(Payments, "payload_bytes", "encode(payload)"), Altered("payload_bytes")),
        new("another format", lake => lake.Set(Payments, "_format", "'csv'"), Altered("_format") with { Expected = "json", Found = "csv" }),
        new("a key that no message had", lake => lake.Set(Payments, "_key", "'7'"), Altered("_key") with { Found = "7" }),
        new("an offset exchanged for a negative one", lake => lake.Set(Payments, "_offset", "-1"), Altered("_offset")),
        new("a record lost", lake => lake.Replace(Payments, $"FROM this WHERE NOT ({OneRow})"), Of(FindingKind.Missing)),
        new("a record twice", lake => lake.Replace(Payments, $"FROM this UNION ALL FROM this WHERE {OneRow}"), Of(FindingKind.Duplicated)),
        new("payloads exchanged", lake => lake.Exchange(Logins, "payload"), new Told("bronze.device_logs", FindingKind.Altered, "_offset") { Records = 2 }),
        new("the table gone", lake => Directory.Delete(lake.PathOf(Payments), recursive: true), new Told("bronze.transactions", FindingKind.Missing) { Records = 0, Cause = "it is not there, though" }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_BronzeTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);

    private static Told Altered(string? column = null) => Of(FindingKind.Altered) with { Column = column };

    private static Told Of(FindingKind kind) => new("bronze.transactions", kind) { Records = 1 };
}
