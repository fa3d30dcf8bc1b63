using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class QuarantineTampers(OthersLake others)
{
    private const string Table = "silver/quarantine";
    private const string Garbage = "payload = 'garbage'";

    private static readonly Tamper[] s_tampers =
    [
        new("a reason taken away", lake => lake.Set(Table, "reason", "''", Garbage), Of(FindingKind.Altered, "reason")),
        new("a payload repaired", lake => lake.Set(Table, "payload", "'{}'", Garbage), Of(FindingKind.Altered, "payload") with { Expected = "garbage", Found = "{}" }),
        new("a payload taken away", lake => lake.Set(Table, "payload", "NULL", Garbage), Of(FindingKind.Altered, "payload")),
        new("a payload moved to bytes", lake => lake.Replace(Table, $"SELECT * REPLACE (CASE WHEN {Garbage} THEN NULL ELSE payload END AS payload, CASE WHEN {Garbage} THEN encode(payload) ELSE payload_bytes END AS payload_bytes) FROM this"), Of(FindingKind.Altered, "payload_bytes")),
        new("a payload beside its bytes", lake => lake.Set(Table, "payload_bytes", "encode('{}')", Garbage), Of(FindingKind.Altered, "payload_bytes")),
        new("another identity", lake => lake.Set(Table, "id", "'0123'", Garbage), Of(FindingKind.Altered, "id") with { Found = "0123" }),
        new("another format", lake => lake.Set(Table, "_format", "'parquet'", Garbage), Of(FindingKind.Altered, "_format")),
        new("an emulation that it is not of", lake => lake.Set(Table, "_emulation_id", "'a8289cad-e0e5-8820-8591-f109b54f9025'", Garbage), Of(FindingKind.Altered, "_emulation_id")),
        new("another time", lake => lake.Set(Table, "_ingested_at", "_ingested_at - INTERVAL 1 DAY", Garbage), Of(FindingKind.Altered, "_ingested_at")),
        new("another line", lake => lake.Set(Table, "_offset", "_offset + 50", Garbage), Of(FindingKind.Unexpected), Of(FindingKind.Missing)),
        new("a refused record lost", lake => lake.Replace(Table, $"FROM this WHERE NOT ({Garbage})"), Of(FindingKind.Missing)),
        new("a refused record twice", lake => lake.Replace(Table, $"FROM this UNION ALL FROM this WHERE {Garbage}"), Of(FindingKind.Duplicated)),
        new("a refused record twice in two files", lake => lake.Add(Table, $"FROM this WHERE {Garbage}"), Of(FindingKind.Duplicated)),
        new("a record that was never received", lake => lake.Replace(Table, $"FROM this UNION ALL SELECT * REPLACE ('raw/transaction/never.json' AS _source) FROM this WHERE {Garbage}"), Of(FindingKind.Unexpected)),
        new("the table gone", lake => Directory.Delete(lake.PathOf(Table), recursive: true), new Told("silver.quarantine", FindingKind.Missing) { Records = 0 }, new Told("silver.quarantine", FindingKind.Missing) { Cause = "without a key that can be read" }),
        new("another table", lake => TableTampering.ChangeFirst(lake, Table, "add", add => add["partitionValues"]!["table_name"] = "device_logs"), Of(FindingKind.Unexpected) with { Records = 3 }, Of(FindingKind.Missing)),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_QuarantineTampered_IsTold(string name) => others.TryAsync(s_tampers, name);

    private static Told Of(FindingKind kind, string? column = null) => new("silver.quarantine", kind, column) { Records = 1 };
}
