using System.Text.Json.Nodes;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

/// <summary>Bronze whose second half a stream of Spark has written is held against the topic without progress records of its micro-batches.</summary>
public sealed class StreamedAuditTests
{
    // A row of the second half, in the middle of a micro-batch.
    private const int Row = 3_100;
    private const string One = "the one";

    [Fact]
    public async Task RunAsync_TwoMicroBatches_AreClean()
    {
        using TopicLake lake = await StreamAsync();
        TableAudit audit = await lake.AuditReceptionAsync();
        Assert.True(audit.IsClean, $"{audit.Verdict} {string.Join(' ', audit.Findings.Select(finding => finding.Text))}");
        Assert.Equal(5_000, audit.Counts.Found);
    }

    [Theory]
    [InlineData($"SELECT * FROM this WHERE NOT ({One})", FindingKind.Missing, null)]
    [InlineData($"FROM this UNION ALL SELECT * FROM this WHERE {One}", FindingKind.Duplicated, null)]
    [InlineData($"SELECT * REPLACE (CASE WHEN {One} THEN payload || ' ' ELSE payload END AS payload) FROM this", FindingKind.Altered, null)]
    [InlineData($"SELECT * REPLACE (CASE WHEN {One} THEN _batch + 10 ELSE _batch END AS _batch) FROM this", FindingKind.Altered, "_batch")]
    [InlineData($"SELECT * REPLACE (CASE WHEN {One} THEN _ingested_at + INTERVAL 1 MILLISECOND ELSE _ingested_at END AS _ingested_at) FROM this", FindingKind.Altered, "_ingested_at")]
    [InlineData("SELECT * REPLACE (_ingested_at + INTERVAL 1 MILLISECOND AS _ingested_at) FROM this", FindingKind.Altered, "_ingested_at")]
    public async Task RunAsync_MicroBatchThatWasChanged_IsFound(string query, FindingKind kind, string? column)
    {
        using TopicLake lake = await StreamAsync();
        (int partition, long offset) = lake.Places[Row];
        Rewrite(lake, query.Replace(One, $"_source = 'transactions-{partition}' AND _offset = {offset}", StringComparison.Ordinal));
        TableAudit audit = await lake.AuditReceptionAsync();
        Assert.Contains(audit.Findings, finding => finding.Kind == kind && (column is null || finding.Column == column));
    }

    [Fact]
    public async Task RunAsync_EndOfTheLastMicroBatch_IsBehindByTheRowsAndLostByTheCheckpoint()
    {
        using TopicLake lake = await StreamAsync();
        (int partition, long offset) = lake.Places[^1];
        Rewrite(lake, $"SELECT * FROM this WHERE NOT (_source = 'transactions-{partition}' AND _offset = {offset})");
        TableAudit behind = await lake.AuditReceptionAsync();
        Assert.Contains("behind", behind.Verdict, StringComparison.Ordinal);

        string checkpoint = Path.Combine(lake.Lake.Location, "_lakelab/checkpoints/bronze.transactions/000000000001");
        Directory.CreateDirectory(Path.Combine(checkpoint, "commits"));
        Directory.CreateDirectory(Path.Combine(checkpoint, "offsets"));
        await File.WriteAllTextAsync(Path.Combine(checkpoint, "commits/1"), "v1\n{}", AuditedLake.Token);
        string ends = new JsonObject { ["transactions"] = new JsonObject { [$"{partition}"] = offset + 1 } }.ToJsonString();
        await File.WriteAllTextAsync(Path.Combine(checkpoint, "offsets/1"), $"v1\n{{}}\n{ends}", AuditedLake.Token);
        TableAudit lost = await lake.AuditReceptionAsync();
        Assert.Contains(lost.Findings, finding => finding.Kind == FindingKind.Missing);
    }

    // The embedded engine's second batch becomes two micro-batches, as Spark's stream writes them.
    private static async Task<TopicLake> StreamAsync()
    {
        TopicLake lake = await TopicLake.DeliverAsync(upTo: 3_000);
        await lake.RunPipelineAsync();
        lake.AppendRest(3_000);
        await lake.RunPipelineAsync();
        string later = $"(CASE WHEN _offset > {lake.Places[Row].Offset + 50} THEN 10 ELSE 0 END)";
        Rewrite(lake, $"SELECT * REPLACE (epoch_ms(_ingested_at) + {later} AS _batch, date_trunc('millisecond', _ingested_at) + {later} * INTERVAL 1 MILLISECOND AS _ingested_at) FROM this");
        string progress = Path.Combine(lake.Lake.Location, "_lakelab/progress/bronze.transactions/000000000001.json");
        JsonArray starts = [.. JsonNode.Parse(await File.ReadAllTextAsync(progress, AuditedLake.Token))!["topics"]!.AsArray().Select(range => new JsonObject
        {
            ["topic"] = (string)range!["topic"]!, ["topic_id"] = (string)range["topic_id"]!, ["partition"] = (int)range["partition"]!, ["from"] = (long)range["from"]!,
        })];
        await File.WriteAllTextAsync(progress, new JsonObject { ["objects"] = new JsonArray(), ["stream"] = starts }.ToJsonString(), AuditedLake.Token);
        File.Delete(progress.Replace(".json", "-done.json", StringComparison.Ordinal));
        return lake;
    }

    private static void Rewrite(TopicLake lake, string query) =>
        TableTampering.Rewrite(Assert.Single(Directory.GetFiles(Path.Combine(lake.Lake.Location, "bronze/transactions"), "part-00000001-*.parquet")), query);
}
