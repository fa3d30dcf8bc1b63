using System.Text;
using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class LogTampers(WholeLake whole)
{
    private const string Payments = "silver/transactions";
    private const string Spend = "gold/daily_spend";

    private static readonly Tamper[] s_tampers =
    [
        Statistics("fewer rows than a file has", Spend, statistics => statistics["numRecords"] = 1, "numRecords", "1"),
        Statistics("a least text that is too great", Payments, statistics => statistics["minValues"]!["location"] = "zzz", "location", "least value zzz"),
        Statistics("a greatest sum that is too small", Spend, statistics => statistics["maxValues"]!["amount"] = 0.0001, "amount", "greatest value 0.0001"),
        Statistics("a greatest time that is too early", Payments, statistics => statistics["maxValues"]!["_ingested_at"] = "2001-01-01T00:00:00.000Z", "_ingested_at", "greatest value 2001"),
        Statistics("nulls that are none", Spend, statistics => statistics["nullCount"]!["payments"] = 5_000, "payments", "5000 nulls"),
        new("a bound that is not a number", lake => TableTampering.ChangeStatistics(lake, Spend, statistics => statistics["maxValues"]!["payments"] = "many"), Damaged(Spend, "\"many\"")),
        new("statistics that are not JSON", lake => TableTampering.ChangeFirst(lake, Payments, "add", add => add["stats"] = "{"), Damaged(Payments, "statistics")),
        new("another size", lake => TableTampering.ChangeFirst(lake, "silver/device_logs", "add", add => add["size"] = 4), Whole("silver/device_logs", FindingKind.Altered, "size") with { Found = "4" }),
        new("a column renamed", lake => lake.Declare(Payments, "\\\"name\\\":\\\"merchant\\\"", "\\\"name\\\":\\\"shop\\\""), Whole(Payments, FindingKind.Altered, "merchant") with { Found = "shop string" }),
        new("a column of another type", lake => lake.Declare(Spend, "\\\"name\\\":\\\"payments\\\",\\\"type\\\":\\\"long\\\"", "\\\"name\\\":\\\"payments\\\",\\\"type\\\":\\\"integer\\\""), Whole(Spend, FindingKind.Altered, "payments") with { Found = "payments integer" }),
        new("an instant without zone", lake => lake.Declare(Payments, "\\\"name\\\":\\\"timestamp\\\",\\\"type\\\":\\\"timestamp\\\"", "\\\"name\\\":\\\"timestamp\\\",\\\"type\\\":\\\"timestamp_ntz\\\""), Unreadable("timestamp_ntz")),
        new("a column too many", lake => lake.Declare(Spend, "{\\\"name\\\":\\\"payments\\\"", "{\\\"name\\\":\\\"tip\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}},{\\\"name\\\":\\\"payments\\\""), Whole(Spend, FindingKind.Altered), Whole(Spend, FindingKind.Unexpected)),
        new("no partition columns", lake => lake.Declare(Spend, "\"partitionColumns\":[\"month\"]", "\"partitionColumns\":[]"), Whole(Spend, FindingKind.Altered, "partitionColumns")),
        new("a bound in a file's footer", lake => LowerInFooter(lake.FileOf(Payments), "location"), Whole(Payments, FindingKind.Altered, "location")),
        new("a checkpoint that forgets a file", async lake =>
        {
            await lake.CheckpointAsync(Payments);
            TableTampering.Rewrite(lake.CheckpointOf(Payments), "FROM this WHERE add IS NULL OR add.path <> (SELECT max(add.path) FROM this)");
        }, new Told("silver.transactions", FindingKind.Missing)),
        new("a checkpoint that lists another size", async lake =>
        {
            await lake.CheckpointAsync(Payments);
            TableTampering.Rewrite(lake.CheckpointOf(Payments), "SELECT * REPLACE (CASE WHEN add IS NULL THEN NULL ELSE struct_update(add, size := 5::BIGINT) END AS add) FROM this");
        }, Whole(Payments, FindingKind.Altered, "size") with { Found = "5" }),
        new("fewer batches than there are", lake => SetTransaction(lake, 0), new Told("silver.transactions", FindingKind.Unexpected) { Records = 700, Cause = "the txn in its log" }, Contradicted),
        new("more batches than there are", lake => SetTransaction(lake, 7), new Told("lake", FindingKind.Missing), Contradicted),
        new("another partition", lake => TableTampering.ChangeFirst(lake, Spend, "add", add => add["partitionValues"]!["month"] = "2025-12-01"), Whole(Spend, FindingKind.Altered, "month") with { Found = "2025-12-01" }, new Told("gold.daily_spend", FindingKind.Missing), new Told("gold.daily_spend", FindingKind.Unexpected)),
        new("no partition", lake => TableTampering.ChangeFirst(lake, Spend, "add", add => add["partitionValues"] = new JsonObject()), Whole(Spend, FindingKind.Altered, "partitionValues"), new Told("gold.daily_spend", FindingKind.Missing)),
        new("a file that is not there", lake => TableTampering.ChangeFirst(lake, Payments, "add", add => add["path"] = "part-away.parquet"), Damaged(Payments, ""), new Told("silver.transactions", FindingKind.Missing)),
        new("a file removed", lake => lake.Remove(Payments, lake.FileOf(Payments)), new Told("silver.transactions", FindingKind.Missing) { Records = 3_500 }),
        new("a file twice", lake => lake.Commit(Payments, Again(lake, path => $"./{path}")), Whole(Payments, FindingKind.Duplicated) with { Place = "./" }),
        new("a file with a deletion vector", lake => TableTampering.ChangeFirst(lake, Payments, "add", add => add["deletionVector"] = new JsonObject { ["storageType"] = "u", ["pathOrInlineDv"] = "ab^-aqEH.-t@S}K{vb[*k^", ["sizeInBytes"] = 40, ["cardinality"] = 1 }), Unreadable("deletionVectors")),
        new("a feature of readers", lake => lake.Commit(Payments, new JsonObject { ["protocol"] = new JsonObject { ["minReaderVersion"] = 3, ["minWriterVersion"] = 7, ["readerFeatures"] = new JsonArray("rowsFromElsewhere"), ["writerFeatures"] = new JsonArray("rowsFromElsewhere") } }), Unreadable("rowsFromElsewhere")),
        new("the first commit gone", lake => File.Delete(lake.CommitsOf(Payments)[0]), Unreadable("")),
        new("the last commit gone", lake => File.Delete(lake.CommitsOf(Payments)[^1]), new Told("lake", FindingKind.Missing) { Records = 0, Place = "silver.transactions" }),
        new("the last commit gone in Gold", lake => File.Delete(lake.CommitsOf("gold/customer_360")[^1]), new Told("lake", FindingKind.Missing) { Records = 0, Place = "gold.customer_360" }),
        new("a commit that is torn", lake => File.WriteAllText(lake.CommitsOf(Payments)[^1], "{\"add\":"), Unreadable("")),
        new("the log gone", lake => Directory.Delete(lake.PathOf($"{Payments}/_delta_log"), recursive: true), Whole(Payments, FindingKind.Missing)),
        new("a file that is torn", lake => Tear(lake.FileOf(Payments)), Damaged(Payments, ""), new Told("silver.transactions", FindingKind.Missing) { Records = 3_500 }),
        new("a file of another table", lake => File.Copy(lake.FileOf("silver/device_logs"), lake.FileOf(Payments), overwrite: true), Whole(Payments, FindingKind.Altered, "size"), Whole(Payments, FindingKind.Altered), new Told("silver.transactions", FindingKind.Missing), new Told("silver.transactions", FindingKind.Unexpected)),
        new("what the pipeline has ingested forgotten", lake => TableTampering.ChangeLog(lake, Payments, action => action["txn"] is null ? action : null), new Told("lake", FindingKind.Missing) { Records = 0, Place = "silver.transactions" }, new Told("silver.transactions", FindingKind.Unexpected) { Cause = "the txn in its log" }, Contradicted),
    ];

    private static Told Contradicted => new("lake", FindingKind.Contradictory, "txn") { Place = Payments, Expected = "1" };

    public static TheoryData<string> Names => Tamper.NamesOf(s_tampers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_LogTampered_IsTold(string name) => whole.TryAsync(s_tampers, name);

    private static Tamper Statistics(string name, string table, Action<JsonObject> change, string column, string found) =>
        new(name, lake => TableTampering.ChangeStatistics(lake, table, change), Whole(table, FindingKind.Altered, column) with { Found = found });

    // All of the table's rows are missing for its readers.
    private static Told[] Unreadable(string cause) => [Damaged(Payments, cause), new Told("silver.transactions", FindingKind.Missing) { Records = 4_200 }];

    private static Told Damaged(string table, string cause) => Whole(table, FindingKind.Damaged) with { Cause = cause };

    private static Told Whole(string table, FindingKind kind, string? column = null) => new(table.Replace('/', '.'), kind, column) { Records = 0 };

    private static void SetTransaction(AuditedLake lake, int version) => TableTampering.ChangeLog(lake, Payments, action =>
    {
        if (action["txn"] is JsonObject transaction)
        {
            transaction["version"] = version;
        }

        return action;
    });

    // The footer keeps the greatest value as plain text.
    private static void LowerInFooter(string file, string column)
    {
        byte[] greatest = Encoding.UTF8.GetBytes(TableTampering.Read<string>(file, $"SELECT max({column}) FROM this"));
        byte[] bytes = File.ReadAllBytes(file);
        int footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        for (int at = bytes.AsSpan(footer).IndexOf(greatest); at >= 0; at = bytes.AsSpan(footer).IndexOf(greatest))
        {
            bytes.AsSpan(footer + at, greatest.Length).Fill((byte)'A');
        }

        File.WriteAllBytes(file, bytes);
    }

    private static JsonObject Again(AuditedLake lake, Func<string, string> spell)
    {
        JsonObject add = lake.AddOf(Payments, lake.FileOf(Payments));
        add["path"] = spell((string)add["path"]!);
        return new JsonObject { ["add"] = add };
    }

    private static void Tear(string file)
    {
        using FileStream stream = File.OpenWrite(file);
        stream.SetLength(stream.Length / 2);
    }
}
