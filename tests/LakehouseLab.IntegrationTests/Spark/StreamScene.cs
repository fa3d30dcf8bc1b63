using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.IntegrationTests.Kafka;
using LakehouseLab.IntegrationTests.Spark.Cluster;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>A lake and a topic of a test's own.</summary>
internal sealed class StreamScene : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly KafkaConnection _kafka;

    private StreamScene(IReadOnlyDictionary<string, string> variables)
    {
        _variables = new Dictionary<string, string>(variables) { ["LAKELAB_LAKE"] = Lake };
        _kafka = KafkaConnection.Require(name => variables.GetValueOrDefault(name));
    }

    public string Lake => Path.Combine(_folder.Path, "lake");

    public string Topic { get; } = KafkaCluster.NewTopic();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One on the systems of all tests.</summary>
    public static async Task<StreamScene> CreateAsync()
    {
        await StackSystem.FindAsync("SPARK_REMOTE", "spark");
        await KafkaCluster.FindAsync();
        return new StreamScene(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static pair => (string)pair.Key, static pair => (string)pair.Value!));
    }

    /// <summary>One on a cluster that may be harmed.</summary>
    public static StreamScene On(SparkCluster cluster) => new(cluster.Variables);

    /// <summary>A lake whose emulations are those of the first.</summary>
    public string Twin()
    {
        string twin = Path.Combine(_folder.Path, "twin");
        foreach (string file in Directory.EnumerateFiles(Lake, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(twin, Path.GetRelativePath(Lake, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return twin;
    }

    /// <summary>What no emulation sends: bytes that are not UTF-8, tombstones, keys and headers of all kinds.</summary>
    public void SendOthers()
    {
        using IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(_kafka.CreateConfig()).Build();
        byte[] header = new byte[RecordHeader.Size];
        new RecordHeader(Guid.Parse("12345678-9abc-4def-8123-456789abcdef"), 7).Write(header);
        byte[] negative = [.. header];
        negative[16] = 0x80;
        byte[]?[] values =
        [
            null, [], [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], "\u0000"u8.ToArray(), "\uFEFF{}"u8.ToArray(), "😀\r\n\t\\ 'it' \"is\""u8.ToArray(),
            Encoding.UTF8.GetBytes(new string('x', 100_000)),
        ];
        byte[]?[] keys = [null, [], "17"u8.ToArray(), [0xFF, 0x00], "é\n"u8.ToArray()];
        byte[]?[][] headers = [[], [header], [negative], [header[..23]], [header, negative[..5]], [negative[..5], header], [[]], [null]];
        for (int number = 0; number < Math.Max(values.Length, headers.Length); number++)
        {
            Headers own = [];
            headers[number % headers.Length].ToList().ForEach(value => own.Add(RecordHeader.Name, value));
            own.Add("other", [1]);
            producer.Produce("transactions", new Message<byte[]?, byte[]?> { Key = keys[number % keys.Length], Value = values[number % values.Length], Headers = own });
        }

        producer.Flush(Cancellation);
    }

    /// <summary>Sends the next transactions to the topic.</summary>
    public Task EmulateAsync(int rows) => SucceedAsync(
        "emulate", "transaction", "--first-row", "next", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--sync", "kafka", "--topic", Topic, "--kafka-partitions", "1", "--kafka-replication", "1");

    /// <summary>Deletes the topic's first records, as retention does.</summary>
    /// <param name="leaving">How many offsets are left.</param>
    public async Task DeleteRecordsAsync(int leaving)
    {
        using IAdminClient admin = new AdminClientBuilder(_kafka.CreateConfig()).Build();
        ListOffsetsResult ends = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(Topic, 0), OffsetSpec = OffsetSpec.Latest() }]);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(Topic, 0, ends.ResultInfos[0].TopicPartitionOffsetError.Offset - leaving)]);
    }

    /// <summary>Deletes the topic; the next emulation makes one of the same name.</summary>
    public async Task RecreateTopicAsync()
    {
        using IAdminClient admin = new AdminClientBuilder(_kafka.CreateConfig()).Build();
        await admin.DeleteTopicsAsync([Topic]);
        await Eventually.HoldsAsync(() => Task.FromResult(admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics.All(topic => topic.Topic != Topic)));
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1 }]);
    }

    /// <summary>Rows of a table.</summary>
    public async Task<long> CountAsync(string table) => long.Parse(await TwinLakes.ScalarAsync($"SELECT count(*) FROM {TwinLakes.Relation(Lake, table)}"), CultureInfo.InvariantCulture);

    public int Commits() => Directory.Exists(Path.Combine(Lake, "bronze/transactions/_delta_log")) ? Directory.GetFiles(Path.Combine(Lake, "bronze/transactions/_delta_log"), "0*.json").Length : 0;

    public string Checkpoint() => Directory.GetDirectories(Path.Combine(Lake, "_lakelab/checkpoints/bronze.transactions")).Order(StringComparer.Ordinal).Last();

    public LakelabProcess Start(params string[] more) => LakelabProcess.Start(_variables, ["pipeline", "stream", "--engine", "spark", "--decode", "client", "--once", .. more]);

    public async Task<(int Code, string Output, string Words)> RunStreamAsync(params string[] more)
    {
        using LakelabProcess process = Start(more);
        return await process.EndAsync();
    }

    public async Task StreamAsync(params string[] more)
    {
        (int code, _, string words) = await RunStreamAsync(more);
        Assert.True(code == 0, words);
    }

    public async Task<(int Code, string Output, string Words)> RunAsync(params string[] command)
    {
        using LakelabProcess process = LakelabProcess.Start(_variables, command);
        return await process.EndAsync();
    }

    public async Task SucceedAsync(params string[] command)
    {
        (int code, _, string words) = await RunAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {words}");
    }

    public async Task<string> AuditAsync() => (await RunAsync("audit")).Output;

    /// <summary>Asserts that nothing is lost, doubled, altered or behind; what others sent is unexpected at most.</summary>
    public async Task AssertAuditAsync()
    {
        (_, string output, string words) = await RunAsync("audit", "--require-complete", "--json");
        using JsonDocument report = JsonDocument.Parse(output.Length > 0 ? output : words);
        foreach (JsonElement table in report.RootElement.GetProperty("tables").EnumerateArray())
        {
            Assert.DoesNotContain("behind", table.GetProperty("verdict").GetString(), StringComparison.Ordinal);
            Assert.All(table.GetProperty("findings").EnumerateArray(), finding => Assert.True(finding.GetProperty("kind").GetString() == "unexpected", finding.GetRawText()));
        }
    }

    public async Task AssertSameAsync(string table, string columns)
    {
        string one = TwinLakes.Relation(Path.Combine(_folder.Path, "twin"), table);
        string other = TwinLakes.Relation(Lake, table);
        string difference = $"(SELECT count(*) FROM (SELECT {columns} FROM {{0}} EXCEPT ALL SELECT {columns} FROM {{1}}))";
        string missing = await TwinLakes.ScalarAsync($"SELECT {string.Format(CultureInfo.InvariantCulture, difference, one, other)}");
        string more = await TwinLakes.ScalarAsync($"SELECT {string.Format(CultureInfo.InvariantCulture, difference, other, one)}");
        Assert.True((missing, more) == ("0", "0"), $"{table}: Spark's lacks {missing} rows and has {more} others");
    }

    public void Dispose() => _folder.Dispose();
}
