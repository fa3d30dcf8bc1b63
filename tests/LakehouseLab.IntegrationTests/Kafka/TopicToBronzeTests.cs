using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Kafka;

/// <summary>Messages of real topics on their way into Bronze and through the audit.</summary>
public sealed class TopicToBronzeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_TransactionsTombstonesAndGarbage_CommittedOnesAreTakenOnce()
    {
        using Scene scene = await Scene.CreateAsync(partitions: 2);
        scene.Transact(commits: true, (0, "{\"transaction_id\":\"a\"}"), (1, "garbage"), (0, null));
        scene.Transact(commits: false, (0, "aborted"), (1, "aborted"));
        scene.Transact(commits: true, (1, ""));
        scene.Transact(commits: false, (0, "aborted last"));
        Assert.Equal(4, (await scene.IngestAsync()).Records);
        Assert.Equal(0, (await scene.IngestAsync()).Records);
        scene.Transact(commits: true, (0, "more"));
        Assert.Equal(1, (await scene.IngestAsync()).Records);
    }

    [Fact]
    public async Task RunAsync_NewPartition_IsTakenFromItsBeginning()
    {
        using Scene scene = await Scene.CreateAsync(partitions: 1);
        scene.Transact(commits: true, (0, "first"));
        Assert.Equal(1, (await scene.IngestAsync()).Records);
        await scene.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = scene.Topic, IncreaseTo = 3 }]);
        await scene.WaitForPartitionsAsync(3);
        scene.Transact(commits: true, (1, "second"), (2, "third"), (2, "fourth"));
        Assert.Equal(3, (await scene.IngestAsync()).Records);
    }

    [Fact]
    public async Task RunAsync_OffsetsDeleted_AreNamedAndGivenUpWhenAccepted()
    {
        using Scene scene = await Scene.CreateAsync(partitions: 1);
        scene.Transact(commits: true, (0, "0"), (0, "1"));
        Assert.Equal(2, (await scene.IngestAsync()).Records);
        scene.Transact(commits: true, (0, "3"), (0, "4"), (0, "5"));
        await scene.Admin.DeleteRecordsAsync([new TopicPartitionOffset(scene.Topic, 0, 5)]);
        BrokerException refusal = await Assert.ThrowsAsync<BrokerException>(() => scene.IngestAsync());
        Assert.Contains($"{scene.Topic}-0 no longer has records 3 to 4", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await scene.IngestAsync(acceptLost: true)).Records);
        Assert.Equal(0, (await scene.IngestAsync()).Records);
    }

    [Fact]
    public async Task RunAsync_TopicDeletedAndMadeAgain_IsNamedAndTakenWhenAccepted()
    {
        using Scene scene = await Scene.CreateAsync(partitions: 1);
        scene.Transact(commits: true, (0, "old"), (0, "old too"));
        Assert.Equal(2, (await scene.IngestAsync()).Records);
        await scene.Admin.DeleteTopicsAsync([scene.Topic]);
        await scene.WaitForPartitionsAsync(0);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<BrokerException>(() => scene.IngestAsync())).Message, StringComparison.Ordinal);

        await scene.Admin.CreateTopicsAsync([new TopicSpecification { Name = scene.Topic, NumPartitions = 1 }]);
        await scene.WaitForPartitionsAsync(1);
        scene.Transact(commits: true, (0, "new"), (0, "new too"), (0, "newest"));
        Assert.Contains("was deleted and recreated", (await Assert.ThrowsAsync<BrokerException>(() => scene.IngestAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(3, (await scene.IngestAsync(acceptLost: true)).Records);
        Assert.Equal(0, (await scene.IngestAsync()).Records);
    }

    [Fact]
    public async Task Reader_OffsetsDeletedUnderIt_SaysSo()
    {
        using Scene scene = await Scene.CreateAsync(partitions: 1);
        scene.Transact(commits: true, (0, "0"), (0, "1"), (0, "2"));
        await scene.Admin.DeleteRecordsAsync([new TopicPartitionOffset(scene.Topic, 0, 2)]);
        using ITopicReader reader = scene.Log.Open(scene.Topic, [new OffsetSpan(0, 0, 3)]);
        BrokerException failure = Assert.Throws<BrokerException>(() => reader.TryRead(out _, s_token));
        Assert.Contains("were deleted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_KilledAtRandomMoments_TakesEachRecordOnce()
    {
        await KafkaCluster.FindAsync();
        int trials = Math.Min(5, int.Parse(Environment.GetEnvironmentVariable("LAKELAB_KILL_TRIALS") ?? "1", CultureInfo.InvariantCulture));
        for (int trial = 0; trial < trials; trial++)
        {
            using TemporaryFolder folder = new();
            string[] lake = ["--lake", folder.Path];
            await SucceedAsync(["emulate", "transaction", "--rows", "40k", "--sync", "kafka", "--topic", KafkaCluster.NewTopic(), .. lake]);
            int moment = RandomNumberGenerator.GetInt32(1, 60);
            using (LakelabProcess victim = LakelabProcess.Start(["pipeline", "stream", "--once", "--batch-rows", "10k", "--select", "silver.transactions", .. lake]))
            {
                await WaitForFilesAsync(folder.Path, moment, victim);
                if (!victim.HasExited)
                {
                    await victim.KillAsync();
                }
            }

            await SucceedAsync(["pipeline", "run", "--select", "silver.transactions", .. lake]);
            (int code, string output, string words) = await LakelabProcess.RunAsync(["audit", "--layers", "topic,bronze,silver", "--json", .. lake]);
            Assert.True(code is 0 or 1, $"killed at {moment}: {words}");
            using JsonDocument report = JsonDocument.Parse(output);
            Assert.All(
                report.RootElement.GetProperty("tables").EnumerateArray().Where(table => table.GetProperty("table").GetString() != "silver.transactions_daily" && table.GetProperty("there").GetBoolean()),
                table => Assert.Equal((40_000, 40_000, "complete and unaltered"), (table.GetProperty("counts").GetProperty("expected").GetInt32(), table.GetProperty("counts").GetProperty("found").GetInt32(), table.GetProperty("verdict").GetString())));
        }
    }

    [Fact]
    public async Task Audit_TopicWithAnExtraCopyAndAnAlteredOne_TellsBoth()
    {
        KafkaCluster cluster = await KafkaCluster.FindAsync();
        using TemporaryFolder folder = new();
        string topic = KafkaCluster.NewTopic();
        await SucceedAsync(["emulate", "transaction", "--rows", "10k", "--sync", "kafka", "--topic", topic, "--lake", folder.Path]);
        ConsumeResult<byte[], byte[]> copied = cluster.ReadAll(topic)[77];
        using (IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(cluster.Connection.CreateConfig()).Build())
        {
            await producer.ProduceAsync(new TopicPartition(topic, copied.Partition), copied.Message, s_token);
            await producer.ProduceAsync(new TopicPartition(topic, copied.Partition), new Message<byte[], byte[]> { Value = "garbage"u8.ToArray() }, s_token);
        }

        (int code, string output, string words) = await LakelabProcess.RunAsync("audit", "--layers", "topic", "--json", "--lake", folder.Path);
        Assert.True(code == 1, words);
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.Equal("1 duplicated, 1 unexpected", report.RootElement.GetProperty("tables")[0].GetProperty("verdict").GetString());
    }

    private static async Task SucceedAsync(string[] command)
    {
        (int code, _, string words) = await LakelabProcess.RunAsync(command);
        Assert.True(code == 0, $"{command[0]}: {words}");
    }

    // Files come and go as the work goes on, so the moment does not depend on the machine.
    private static async Task WaitForFilesAsync(string folder, int files, LakelabProcess process)
    {
        int before = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
        await Eventually.HoldsAsync(() => Task.FromResult(process.HasExited || Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length >= before + files), $"{files} more files in {folder}");
    }

    /// <summary>A topic and a lake of a test's own.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly KafkaCluster _cluster;

        private Scene(KafkaCluster cluster)
        {
            _cluster = cluster;
            Log = new KafkaTopicLog(cluster.Connection);
            Admin = new AdminClientBuilder(cluster.Connection.CreateConfig()).Build();
        }

        public string Topic { get; } = KafkaCluster.NewTopic();

        public KafkaTopicLog Log { get; }

        public IAdminClient Admin { get; }

        public static async Task<Scene> CreateAsync(int partitions)
        {
            Scene scene = new(await KafkaCluster.FindAsync());
            await scene.Admin.CreateTopicsAsync([new TopicSpecification { Name = scene.Topic, NumPartitions = partitions }]);
            await scene.WaitForPartitionsAsync(partitions);
            return scene;
        }

        public void Transact(bool commits, params (int Partition, string? Value)[] messages)
        {
            // A new one each time, which knows the partitions of now.
            using IProducer<byte[], byte[]?> producer = new ProducerBuilder<byte[], byte[]?>(new ProducerConfig(_cluster.Connection.CreateConfig()) { TransactionalId = Topic }).Build();
            producer.InitTransactions(s_patience);
            producer.BeginTransaction();
            foreach ((int partition, string? value) in messages)
            {
                producer.Produce(new TopicPartition(Topic, partition), new Message<byte[], byte[]?> { Value = value is null ? null : Encoding.UTF8.GetBytes(value) });
            }

            if (commits)
            {
                producer.CommitTransaction(s_patience);
            }
            else
            {
                producer.Flush(s_patience);
                producer.AbortTransaction(s_patience);
            }
        }

        public async Task<BronzeResult> IngestAsync(bool acceptLost = false)
        {
            TopicIntake intake = new(Log, [Topic]) { AcceptLostOffsets = acceptLost };
            return await BronzeIngestion.RunAsync(await Lake.OpenAsync(_folder.Path, s_token), BuiltIn.Transaction, new BronzeSources(false, intake), 2, TimeProvider.System, null, s_token);
        }

        /// <summary>Waits until the cluster agrees that the topic has so many partitions; none when it is gone.</summary>
        public Task WaitForPartitionsAsync(int partitions) =>
            Eventually.HoldsAsync(async () => ((await Log.FindAsync(Topic, s_token))?.Partitions.Count ?? 0) == partitions, $"topic {Topic} has {partitions} partitions");

        public void Dispose()
        {
            Admin.Dispose();
            Log.Dispose();
            _folder.Dispose();
        }
    }
}
