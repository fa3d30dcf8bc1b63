using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Tests;
using LakehouseLab.World;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Settings;

namespace LakehouseLab.IntegrationTests.Kafka;

/// <summary>Records in real topics: each once, in the order of its key, whatever happens on the way.</summary>
public sealed class KafkaSinkTests
{
    private const int Rows = 60_000;

    private static readonly EmulatedWorld s_world = new(new WorldSettings());
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeliveryGuarantee.ExactlyOnce, true)]
    [InlineData(DeliveryGuarantee.ExactlyOnce, false)]
    [InlineData(DeliveryGuarantee.AtLeastOnce, true)]
    public async Task RunAsync_Topic_HasEachRecordOnceInTheOrderOfItsKey(DeliveryGuarantee guarantee, bool headers)
    {
        KafkaCluster cluster = await KafkaCluster.FindAsync();
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        string topic = KafkaCluster.NewTopic();
        EmulationRequest request = Request(topic) with { Delivery = guarantee, Headers = headers, Topic = new TopicSettings { Partitions = 3 } };
        EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl(), s_token);
        Assert.Equal(Rows, result.MadeRows);

        List<ConsumeResult<byte[], byte[]>> messages = cluster.ReadAll(topic);
        await AssertEachOnceAsync(messages);
        Assert.Equal(3, messages.Select(message => message.Partition.Value).Distinct().Count());
        foreach (ConsumeResult<byte[], byte[]> message in messages)
        {
            using JsonDocument record = JsonDocument.Parse(message.Message.Value);
            Assert.Equal(record.RootElement.GetProperty("user_id").GetRawText(), Encoding.UTF8.GetString(message.Message.Key));
            Assert.Equal(headers ? 1 : 0, message.Message.Headers.Count);
            if (headers)
            {
                Assert.True(RecordHeader.TryRead(message.Message.Headers[0].GetValueBytes(), out RecordHeader header));
                Assert.Equal((RecordHeader.Name, result.Emulation), (message.Message.Headers[0].Key, header.Emulation));
                Assert.True(s_world.CreateFactory(BuiltIn.Transaction).FindRow(KeyOf(record)) == header.Row);
            }
        }

        EmulationResult again = await Emulator.RunAsync(request, lake, new EmulationControl(), s_token);
        Assert.Equal(0, again.MadeRows);
    }

    [Fact]
    public async Task Emulate_KilledAtRandomMoments_DeliversEachRecordOnce()
    {
        KafkaCluster cluster = await KafkaCluster.FindAsync();
        int trials = Math.Min(5, int.Parse(Environment.GetEnvironmentVariable("LAKELAB_KILL_TRIALS") ?? "1", CultureInfo.InvariantCulture));
        for (int trial = 0; trial < trials; trial++)
        {
            using TemporaryFolder folder = new();
            string topic = KafkaCluster.NewTopic();
            string[] command = ["emulate", "transaction", "--rows", $"{Rows}", "--rate", "20k/s", "--sync", "kafka", "--topic", topic, "--lake", folder.Path];
            using (LakelabProcess victim = LakelabProcess.Start(command))
            {
                await WaitForCommitsAsync(cluster, folder.Path, 1 + (trial % 2), victim);
                await victim.KillAsync();
            }

            (int code, _, string words) = await LakelabProcess.RunAsync(command);
            Assert.True(code == 0, words);
            await AssertEachOnceAsync(cluster.ReadAll(topic));
        }
    }

    [Fact]
    public async Task RunAsync_TopicMadeAgain_IsNamedWithTheRemedy()
    {
        KafkaCluster cluster = await KafkaCluster.FindAsync();
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        string topic = KafkaCluster.NewTopic();
        EmulationRequest request = Request(topic);
        using CancellationTokenSource interrupt = CancellationTokenSource.CreateLinkedTokenSource(s_token);
        EmulationControl control = new() { Progress = new Observer(progress => { if (progress.MadeRows > Rows / 2) { interrupt.Cancel(); } }) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Emulator.RunAsync(request, lake, control, interrupt.Token));
        using (IAdminClient admin = new AdminClientBuilder(cluster.Connection.CreateConfig()).Build())
        {
            await admin.DeleteTopicsAsync([topic]);
        }

        LakeException failure = await Assert.ThrowsAsync<LakeException>(() => Emulator.RunAsync(request, lake, new EmulationControl(), s_token));
        Assert.Contains($"topic {topic}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("begin a new emulation", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NobodyThere_SaysThatItIsUnavailable()
    {
        await KafkaCluster.FindAsync();
        using TemporaryFolder folder = new();
        EmulationControl control = new() { Variable = static name => name == KafkaConnection.ServersVariable ? "127.0.0.1:1" : null };
        BrokerException failure = await Assert.ThrowsAsync<BrokerException>(async () => await Emulator.RunAsync(Request("t"), await Lake.OpenAsync(folder.Path, s_token), control, s_token));
        Assert.True(failure.IsUnavailable);
        Assert.Contains("no broker answers", failure.Message, StringComparison.Ordinal);
    }

    private static EmulationRequest Request(string topic) =>
        new(BuiltIn.Transaction, s_world, 0, Rows, new EmulationOptions { Destination = new Destination(SyncSystem.Kafka, topic) });

    // By what the position says, so that the moment does not depend on the machine.
    private static async Task WaitForCommitsAsync(KafkaCluster cluster, string lake, int batches, LakelabProcess process)
    {
        ManifestStore manifests = new((await Lake.OpenAsync(lake, s_token)).Store);
        long seen = 0;
        for (int changes = 0; changes < batches && !process.HasExited;)
        {
            if (await manifests.ListAsync(s_token) is [Manifest manifest, ..])
            {
                using EmulationPosition position = new(cluster.Connection, manifest.Location!, manifest.Id);
                long? next = position.Read();
                changes += next > seen ? 1 : 0;
                seen = next ?? seen;
            }
        }
    }

    private static async Task AssertEachOnceAsync(List<ConsumeResult<byte[], byte[]>> messages)
    {
        using MemoryStream expected = new();
        await Emulator.RunAsync(new EmulationRequest(BuiltIn.Transaction, s_world, 0, Rows), expected, new EmulationControl(), s_token);
        string[] lines = Encoding.UTF8.GetString(expected.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] found = [.. messages.Select(message => Encoding.UTF8.GetString(message.Message.Value))];
        Assert.Equal(lines.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Dictionary<string, int> places = lines.Select((line, row) => (line, row)).ToDictionary(pair => pair.line, pair => pair.row);
        Assert.All(messages.Zip(found).GroupBy(pair => pair.First.Partition.Value), partition =>
        {
            int[] rows = [.. partition.Select(pair => places[pair.Second])];
            Assert.Equal(rows.Order(), rows);
        });
    }

    private static RecordKey KeyOf(JsonDocument record)
    {
        string id = record.RootElement.GetProperty("transaction_id").GetString()!.Replace("-", "", StringComparison.Ordinal);
        return RecordKey.OfUuid(ulong.Parse(id[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(id[16..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private sealed class Observer(Action<EmulationProgress> observe) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value) => observe(value);
    }
}
