using System.Text;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Tests.Emulation.Kafka;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Bronze.Topics;

public sealed class TopicIngestionTests
{
    private const string Topic = "transactions";

    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_AnyMessage_IsInBronzeAsItWas()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = new();
        Guid emulation = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        log.Create(Topic, 2);
        log.Append(Topic, 0, "{}"u8.ToArray(), "7"u8.ToArray(), new RecordHeader(emulation, 3), timestamp: 1_767_225_600_123);
        log.Skip(Topic, 0, 2);
        log.Append(Topic, 0, value: null, key: [0xFF, 0x00]);
        log.Append(Topic, 1, value: [0xC0]);
        log.Append(Topic, 1, value: []);
        log.Append(Topic, 1, value: " \n"u8.ToArray());
        Assert.Equal(new BronzeResult(0, 5, 5), await RunAsync(lake, log));

        List<BronzeRecord> rows = await BronzeRows.ReadAsync(lake, s_domain, s_token);
        Assert.Equal(
            [("transactions-0", 0L, "7B7D"), ("transactions-0", 3L, ""), ("transactions-1", 0L, "C0"), ("transactions-1", 1L, ""), ("transactions-1", 2L, "200A")],
            rows.Select(row => (row.Source, row.Offset, row.Payload)));
        Assert.Equal((emulation.ToString(), "7", new DateTime(2026, 1, 1, 0, 0, 0, 123, DateTimeKind.Utc)), (rows[0].Emulation, rows[0].Key, rows[0].Timestamp));
        Assert.Equal((null, "\\xff00", null, true), (rows[1].Emulation, rows[1].Key, rows[1].Timestamp, rows[1].IsTombstone));
        Assert.Equal((false, false, true), (rows[2].IsText, rows[2].IsTombstone, rows[3].IsText));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(lake, log));
    }

    [Fact]
    public async Task RunAsync_KilledAtAnyWrite_TakesEveryRecordOnce()
    {
        int writes = int.MaxValue;
        for (int death = 0; death < writes; death++)
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, s_token);
            MemoryTopicLog log = new();
            log.Create(Topic, 3);
            Append(log, 0, 50);
            FailingStore store = null!;
            int last = death;
            Task<BronzeResult> killed = RunAsync(lake.Through(inner => store = new FailingStore(inner, last)), log, batchOffsets: 20);
            if (await Task.WhenAny(killed) is { IsCompletedSuccessfully: true })
            {
                writes = store.Writes;
            }

            // What comes after the death must not slip into the batch that is run again.
            Append(log, 50, 60);
            await RunAsync(lake, log, batchOffsets: 20);
            List<BronzeRecord> rows = await BronzeRows.ReadAsync(lake, s_domain, s_token);
            Assert.Equal(
                Enumerable.Range(0, 60).Select(number => Convert.ToHexString(Encoding.ASCII.GetBytes($"{number}"))).Order(StringComparer.Ordinal),
                rows.Select(row => row.Payload).Order(StringComparer.Ordinal));
        }

        Assert.InRange(writes, 3, 100);
    }

    [Fact]
    public async Task RunAsync_ClusterFailsWithinABatch_RepeatsTheBatchThatWasRecorded()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = await InterruptedAsync(lake);
        log.Append(Topic, 0, "more");
        Assert.Equal(11, (await RunAsync(lake, log)).Records);
        Assert.Equal([0L, 1L], (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => row.Batch).Distinct());
    }

    [Fact]
    public async Task RunAsync_RecordedOffsetsLost_RefusesUntilTheyAreGivenUp()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = await InterruptedAsync(lake);
        log.DeleteBefore(Topic, 0, 3);
        log.Append(Topic, 0, "more");
        Assert.Contains("batch 0 has recorded", (await Assert.ThrowsAsync<BrokerException>(() => RunAsync(lake, log))).Message, StringComparison.Ordinal);
        Assert.Equal(8, (await RunAsync(lake, log, acceptLost: true)).Records);
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(lake, log));
        Assert.Equal(Enumerable.Range(3, 8).Select(offset => (long)offset), (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => row.Offset));
        Assert.Contains(
            """
            "lost":[{"topic":"transactions","topic_id":"id-0","partition":0,"from":0,"until":3}]
            """.Trim(),
            await File.ReadAllTextAsync(folder.Combine("_lakelab/progress/bronze.transactions/000000000001.json"), s_token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TopicDeletedBeforeItsBatchWasIn_GoesOnOnceThatIsAccepted()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = await InterruptedAsync(lake);
        log.Create(Topic, 1);
        log.Append(Topic, 0, "new");
        Assert.Contains("the topic was deleted", (await Assert.ThrowsAsync<BrokerException>(() => RunAsync(lake, log))).Message, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(lake, log, acceptLost: true)).Records);
        Assert.Equal(0, (await RunAsync(lake, log)).Records);
    }

    [Fact]
    public async Task RunAsync_ObjectsAndTopics_ShareOneFlow()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = Filled(2);
        await lake.Store.PutAsync("raw/transaction/one.json", "{}"u8.ToArray(), s_token);
        Assert.Equal(3, (await RunAsync(lake, log, raw: true)).Records);
        await lake.Store.PutAsync("raw/transaction/two.json", "{}"u8.ToArray(), s_token);
        log.Append(Topic, 0, "more");
        Assert.Equal(2, (await RunAsync(lake, log, raw: true)).Records);
        Assert.Equal([0L, 1L, 1L, 2L, 3L], (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => row.Batch));
    }

    [Fact]
    public async Task RunAsync_BatchOfATopicLeftAndNoCluster_SaysWhatToSet()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        MemoryTopicLog log = Filled(2);
        await Assert.ThrowsAsync<StorageException>(() => RunAsync(lake.Through(inner => new FailingStore(inner, 2)), log));
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => BronzeIngestion.RunAsync(lake, s_domain, BronzeSources.RawOnly, 1, TimeProvider.System, null, s_token));
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RequiredTopicAbsent_IsNamed()
    {
        using TemporaryFolder folder = new();
        TopicIntake intake = new(new MemoryTopicLog(), [Topic]) { Required = new HashSet<string> { Topic } };
        BrokerException refusal = await Assert.ThrowsAsync<BrokerException>(async () => await BronzeIngestion.RunAsync(await Lake.OpenAsync(folder.Path, s_token), s_domain, new BronzeSources(false, intake), 1, TimeProvider.System, null, s_token));
        Assert.Contains("topic transactions does not exist", refusal.Message, StringComparison.Ordinal);
    }

    private static void Append(MemoryTopicLog log, int first, int end)
    {
        for (int number = first; number < end; number++)
        {
            log.Append(Topic, number % 3, $"{number}");
        }
    }

    // A log whose cluster failed while the first of its batches was read, which is recorded; it is there again.
    private static async Task<MemoryTopicLog> InterruptedAsync(Lake lake)
    {
        MemoryTopicLog log = Filled(10);
        log.MessagesUntilFailure = 4;
        Assert.True((await Assert.ThrowsAsync<BrokerException>(() => RunAsync(lake, log))).IsUnavailable);
        log.MessagesUntilFailure = long.MaxValue;
        return log;
    }

    private static MemoryTopicLog Filled(int messages)
    {
        MemoryTopicLog log = new();
        log.Create(Topic, 1);
        for (int i = 0; i < messages; i++)
        {
            log.Append(Topic, 0, $"{i}");
        }

        return log;
    }

    private static Task<BronzeResult> RunAsync(Lake lake, MemoryTopicLog log, long batchOffsets = 1_000, bool acceptLost = false, bool raw = false)
    {
        TopicIntake intake = new(log, [Topic]) { BatchOffsets = batchOffsets, AcceptLostOffsets = acceptLost };
        return BronzeIngestion.RunAsync(lake, s_domain, new BronzeSources(raw, intake), 1, TimeProvider.System, null, s_token);
    }
}
