using System.Text.Json.Nodes;
using LakehouseLab.Delta;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Tables;
using Microsoft.Extensions.Time.Testing;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class HarmlessTableChanges(WholeLake whole)
{
    private const string Payments = "silver/transactions";

    private static readonly Tamper[] s_changes =
    [
        new("rows of a file in another order", lake => lake.Replace(Payments, "FROM this ORDER BY amount DESC")),
        new("rows of Bronze in another order", lake => lake.Replace("bronze/transactions", "FROM this ORDER BY payload")),
        new("rows of sums in another order", lake => lake.Replace("gold/fraud_features", "FROM this ORDER BY amount_usd")),
        new("a file's columns in another order", lake => lake.Replace("silver/device_logs", "SELECT _offset, * EXCLUDE (_offset) FROM this")),
        new("a column of no value left out of its file", lake => lake.Replace("bronze/transactions", "SELECT * EXCLUDE (payload_bytes) FROM this")),
        new("a file split in two", lake =>
        {
            string file = lake.FileOf(Payments);
            lake.Add(Payments, "FROM this WHERE _offset < 100", "one");
            lake.Add(Payments, "FROM this WHERE _offset >= 100", "other");
            lake.Remove(Payments, file);
        }),
        new("a file of no rows", lake => lake.Add(Payments, "FROM this LIMIT 0")),
        new("a file that no log lists", lake => File.WriteAllText(lake.PathOf($"{Payments}/part-unlisted.parquet"), "PAR1")),
        new("tables optimized", lake => OptimizeAsync(lake)),
        new("tables optimized and vacuumed", async lake =>
        {
            await OptimizeAsync(lake);
            await Vacuum.RunAsync(new DeltaTable(lake.Lake.Store, Payments), dryRun: false, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(8)), AuditedLake.Token);
        }),
        new("a checkpoint", lake => lake.CheckpointAsync(Payments)),
        new("a checkpoint, and the commits before it cleaned up", async lake =>
        {
            await lake.CheckpointAsync(Payments);
            Array.ForEach(lake.CommitsOf(Payments)[..^1], File.Delete);
        }),
        new("a hint at a checkpoint that is not there", lake => File.WriteAllText(lake.PathOf($"{Payments}/_delta_log/_last_checkpoint"), "{\"version\":99,\"size\":3}")),
        new("checksums of Hadoop beside the files", lake => File.WriteAllText($"{lake.FileOf(Payments)}.crc", "crc")),
        new("paths spelled as others do", lake => TableTampering.ChangeLog(lake, "gold/daily_spend", action =>
        {
            foreach (JsonObject file in ((string[])["add", "remove"]).Select(kind => action[kind]).OfType<JsonObject>())
            {
                file["path"] = Uri.UnescapeDataString((string)file["path"]!);
            }

            return action;
        })),
        new("a commit of nothing", lake => lake.Commit("gold/daily_spend")),
        new("another writer's transaction", lake => lake.Commit(Payments, new JsonObject { ["txn"] = new JsonObject { ["appId"] = "stream", ["version"] = 7 } })),
        new("statistics of rows alone", lake => TableTampering.ChangeStatistics(lake, "gold/daily_spend", statistics => ((string[])["minValues", "maxValues", "nullCount"]).ToList().ForEach(kind => statistics.Remove(kind)))),
        new("statistics that bound more widely", lake => TableTampering.ChangeStatistics(lake, Payments, statistics => statistics["maxValues"]!["merchant"] = "\U0010FFFF")),
        new("tags and another time", lake => TableTampering.ChangeFirst(lake, Payments, "add", add => (add["tags"], add["modificationTime"]) = (new JsonObject { ["by"] = "others" }, 1))),
        new("a property of the table", lake => lake.Declare(Payments, "\"configuration\":{", "\"description\":\"payments\",\"configuration\":{")),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_changes);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ChangedHarmlessly_StaysClean(string name) => whole.TryAsync(s_changes, name);

    private static async Task OptimizeAsync(AuditedLake lake)
    {
        Compaction compaction = new(lake.Lake, new DuckDbOptions(1L << 30, 1), TimeProvider.System);
        IReadOnlyList<CompactionResult> results = await compaction.RunAsync([new TableName("bronze", "transactions"), new TableName("silver", "transactions"), new TableName("silver", "device_logs")], 2, AuditedLake.Token);
        Assert.All(results, result => Assert.True(result.Failure is null && result.FilesBefore > result.FilesAfter));
        Assert.Equal(3, results.Count);
    }
}
