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
        new("a carriage return behind a payload", lake => lake.Set(Payments, "payload", "payload || chr(13)"), Altered()),
        new("a byte order mark before a payload", lake => lake.Set(Payments, "payload", "chr(65279) || payload"), Of(FindingKind.Missing), Of(FindingKind.Unexpected) with { Cause = "no key that can be read" }, new Told("silver.quarantine", FindingKind.Missing)),
        new("a payload with a member's name in capitals", lake => lake.Set(Payments, "payload", "replace(payload, '\"merchant\"', '\"Merchant\"')"), Altered()),
        new("a payload that is not UTF-8", lake => lake.Replace(Payments, $"SELECT * REPLACE (CASE WHEN {OneRow} THEN NULL ELSE payload END AS payload, CASE WHEN {OneRow} THEN encode(payload) || '\\xFF'::BLOB END AS payload_bytes) FROM this"), Altered()),
        new("a label added", lake => TableTampering.Rewrite(TableTampering.Files(lake, Payments).MinBy(file => new FileInfo(file).Length)!, $"SELECT * REPLACE (CASE WHEN {OneRow} THEN payload[:-2] || ',\"is_fraud\":false}}' ELSE payload END AS payload) FROM this"), Altered("is_fraud")),
        new("no format", lake => lake.Set(Payments, "_format", "NULL"), Altered("_format")),
        new("no emulation", lake => lake.Set(Payments, "_emulation_id", "NULL"), Altered("_emulation_id")),
        new("an emulation of another domain", lake => lake.Set(Payments, "_emulation_id", $"(SELECT min(_emulation_id) FROM read_parquet('{lake.FileOf(Logins)}'))"), Altered("_emulation_id")),
        new("a message's time", lake => lake.Set(Payments, "_timestamp", "_ingested_at"), Altered("_timestamp")),
        new("no batch", lake => lake.Set(Payments, "_batch", "NULL"), Altered("_batch")),
        new("no time", lake => lake.Set(Payments, "_ingested_at", "NULL"), Altered("_ingested_at")),
        new("sources of two records exchanged", lake => lake.Exchange(Payments, "_source", OneRow, "_offset = 9 AND _source = (SELECT max(_source) FROM this)"), Altered() with { Records = 2 }),
        new("all rows of a file lost", lake => lake.Replace(Payments, "FROM this LIMIT 0"), Of(FindingKind.Missing) with { Records = 3_500 }),
        new("a file taken out", lake => lake.Remove(Logins, lake.FileOf(Logins)), new Told("bronze.device_logs", FindingKind.Missing) { Records = 1_000 }),
        new("the records of a file again", lake => lake.Add(Logins, "FROM this"), new Told("bronze.device_logs", FindingKind.Duplicated) { Records = 1_000 }),
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
