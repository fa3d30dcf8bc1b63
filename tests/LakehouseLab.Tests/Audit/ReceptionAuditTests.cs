using System.Text;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Tests.Audit;

/// <summary>Bronze is held against the topic that it received its messages from, offset by offset.</summary>
public sealed class ReceptionAuditTests
{
    private const string One = "_source = 'transactions-0' AND _offset = 5";
    private const string Other = "_source = 'transactions-0' AND _offset = 9";

    [Theory]
    [InlineData(DeliveryGuarantee.ExactlyOnce, true)]
    [InlineData(DeliveryGuarantee.ExactlyOnce, false)]
    [InlineData(DeliveryGuarantee.AtLeastOnce, true)]
    public async Task RunAsync_SeveralBatchesAndRetention_IsClean(DeliveryGuarantee delivery, bool headers)
    {
        using TopicLake lake = await TopicLake.DeliverAsync(delivery, headers, upTo: headers ? 3_000 : 5_000);
        await lake.RunPipelineAsync();
        lake.AppendRest(headers ? 3_000 : 5_000);
        if (delivery == DeliveryGuarantee.AtLeastOnce)
        {
            lake.Append(7, lake.Records[7]);
        }

        await lake.RunPipelineAsync();
        lake.Log.DeleteBefore(TopicLake.Topic, 1, 700);
        TableAudit audit = await lake.AuditReceptionAsync();
        Assert.True(audit.IsClean, $"{audit.Verdict} {string.Join(' ', audit.Findings.Select(finding => finding.Text))}");
    }

    [Theory]
    [InlineData("_offset", "1000000", "5")]
    [InlineData("_offset", "-1", "5")]
    [InlineData("_source", "'transactions-1'", "transactions-0")]
    [InlineData("_timestamp", "_timestamp + INTERVAL 1 SECOND", null)]
    [InlineData("_timestamp", "NULL", null)]
    [InlineData("_key", "'17'", null)]
    [InlineData("_key", "NULL", null)]
    [InlineData("_emulation_id", "NULL", "00112233-4455-6677-8899-aabbccddeeff")]
    public async Task RunAsync_ColumnOfAMessageChanged_NamesItAndWhatTheTopicHas(string column, string value, string? expected)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        await lake.RunPipelineAsync();
        Rewrite(lake, $"SELECT * REPLACE (CASE WHEN {One} THEN {value} ELSE {column} END AS {column}) FROM this");
        TableAudit audit = await lake.AuditReceptionAsync();
        Finding finding = Assert.Single(audit.Findings);
        Assert.Equal((FindingKind.Altered, column, lake.Places.IndexOf((0, 5))), (finding.Kind, finding.Column, (int)finding.Row!));
        Assert.True(expected is null || expected == finding.Expected, finding.Text);
        Assert.Equal(1, audit.Counts.Altered);
    }

    [Theory]
    [InlineData("_offset", "_offset")]
    [InlineData("payload", "_offset, _key, _timestamp")]
    public async Task RunAsync_PayloadsExchangedBetweenOffsets_BothAreAltered(string exchanged, string columns)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        await lake.RunPipelineAsync();
        Rewrite(lake, $"""
            SELECT * REPLACE (CASE WHEN {One} THEN (SELECT {exchanged} FROM this WHERE {Other}) WHEN {Other} THEN (SELECT {exchanged} FROM this WHERE {One}) ELSE {exchanged} END AS {exchanged}) FROM this
            """);
        TableAudit audit = await lake.AuditReceptionAsync();
        Assert.Equal(2, audit.Counts.Altered);
        Assert.Equal([columns, columns], audit.Findings.Select(finding => finding.Column));
    }

    [Fact]
    public async Task RunAsync_RowsMovedBeforeWhatTheTopicKeeps_AreFoundByTheirMessages()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        await lake.RunPipelineAsync();
        lake.Log.DeleteBefore(TopicLake.Topic, 0, 100);
        int row = lake.Places.IndexOf((0, 200));
        Rewrite(lake, "SELECT * REPLACE (CASE WHEN _source = 'transactions-0' AND _offset = 200 THEN 50 ELSE _offset END AS _offset) FROM this");
        Finding finding = Assert.Single((await lake.AuditReceptionAsync()).Findings, finding => finding.Row == row);
        Assert.Equal(("_offset", "200", "50"), (finding.Column, finding.Expected, finding.Found));
    }

    [Fact]
    public async Task RunAsync_OffsetTwiceThatTheTopicDoesNotKeep_NamesBothRecords()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        await lake.RunPipelineAsync();
        lake.Log.DeleteBefore(TopicLake.Topic, 0, 100);
        Assert.True((await lake.AuditReceptionAsync()).IsClean);
        Rewrite(lake, $"SELECT * REPLACE (CASE WHEN {One} THEN 9 ELSE _offset END AS _offset) FROM this");
        Finding finding = Assert.Single((await lake.AuditReceptionAsync()).Findings);
        Assert.Equal((FindingKind.Contradictory, "_offset", "transactions-0@9"), (finding.Kind, finding.Column, finding.Found));
    }

    [Theory]
    [InlineData("FROM this WHERE payload IS DISTINCT FROM 'theirs'", FindingKind.Missing)]
    [InlineData("SELECT * REPLACE (CASE WHEN payload = 'theirs' THEN 'ours' ELSE payload END AS payload) FROM this", FindingKind.Altered)]
    public async Task RunAsync_ForeignMessageLostOrChanged_IsTold(string query, FindingKind kind)
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.Append(TopicLake.Topic, 2, Encoding.UTF8.GetBytes("theirs"), "k"u8.ToArray(), new RecordHeader(Guid.Empty, 3));
        await lake.RunPipelineAsync();
        Assert.Empty((await lake.AuditReceptionAsync()).Findings);
        Rewrite(lake, query);
        Assert.Equal(kind, Assert.Single((await lake.AuditReceptionAsync()).Findings).Kind);
    }

    private static void Rewrite(TopicLake lake, string query) =>
        TableTampering.Rewrite(Assert.Single(Directory.GetFiles(Path.Combine(lake.Lake.Location, "bronze/transactions"), "*.parquet")), query);
}
