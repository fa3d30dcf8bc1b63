using System.Globalization;
using LakehouseLab.IntegrationTests.Kafka;
using LakehouseLab.IntegrationTests.S3;
using LakehouseLab.Tests;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.IntegrationTests.Service;

/// <summary>
/// What the service promises of topics and buckets, whatever happens on the way: each record once. The audit says so, which makes
/// every record again. LAKELAB_SERVICE_KILL_TRIALS asks for more trials.
/// </summary>
public sealed class DeliveryTests
{
    private const int Rows = 40_000;
    private const ulong Seed = 20261126;

    [Fact]
    public async Task Service_KilledAtRandomMoments_DeliversEachRecordOnce()
    {
        await KafkaCluster.FindAsync();
        await MinioServer.FindAsync();
        int trials = int.Parse(Environment.GetEnvironmentVariable("LAKELAB_SERVICE_KILL_TRIALS") ?? "2", CultureInfo.InvariantCulture);
        for (int trial = 0; trial < trials; trial++)
        {
            using TemporaryFolder lake = new();
            await KillAsync(lake.Path, 1 + (int)Draw.Below(Draw.Bits(Seed, (ulong)trial), Rows));
        }
    }

    [Theory]
    [InlineData("minio", "minio", "kill", "up")]
    [InlineData("minio", "minio", "pause", "resume")]
    [InlineData("kafka", "kafka-0", "pause", "resume")]
    public async Task Service_SinkGoneForAWhile_WaitsAndDeliversEachRecordOnce(string system, string unit, string fault, string remedy)
    {
        await using OwnStack stack = await OwnStack.StartAsync(system);
        using TemporaryFolder lake = new();
        using ServiceProcess service = await ServiceProcess.StartAsync(stack.Environment, lake.Path);
        Guid id = await service.PostAsync(system == "kafka" ? ToTopic() : ToBucket());
        await service.WaitAsync(id, static (_, rows) => rows > Rows / 4);
        await stack.DoAsync(fault, unit);
        Assert.Equal("waiting", await service.WaitAsync(id, static (status, _) => status == "waiting"));
        await stack.DoAsync(remedy, unit);
        Assert.Equal("completed", await service.WaitAsync(id, static (status, _) => status == "completed"));
        Assert.Equal(0, (await service.StopAsync()).Code);
        await AssertCleanAsync(stack.Environment, lake.Path, system == "kafka" ? "topic" : "raw");
    }

    [Fact]
    public async Task Service_BrokersKilledPausedAndRestarted_DeliversEachRecordOnce()
    {
        await using OwnStack stack = await OwnStack.StartAsync("kafka", "--brokers", "3");
        using TemporaryFolder lake = new();
        using ServiceProcess service = await ServiceProcess.StartAsync(stack.Environment, lake.Path);
        Guid id = await service.PostAsync(ToTopic());
        await service.WaitAsync(id, static (_, rows) => rows > Rows / 8);
        await stack.DoAsync("kill", "kafka-1");
        await service.WaitAsync(id, static (status, rows) => status != "running" || rows > Rows / 4);
        await stack.DoAsync("up", "kafka", "--brokers", "3");
        await stack.DoAsync("pause", "kafka-2");
        await service.WaitAsync(id, static (status, rows) => status != "running" || rows > Rows / 2);
        await stack.DoAsync("resume", "kafka-2");
        Assert.Equal("completed", await service.WaitAsync(id, static (status, _) => status == "completed"));
        Assert.Equal(0, (await service.StopAsync()).Code);
        await AssertCleanAsync(stack.Environment, lake.Path, "topic");
    }

    private static object ToTopic() => new
    {
        emulator_sync = "kafka", emulation_domain = "transaction", rows = Rows, rate = "2k/s", topic = KafkaCluster.NewTopic(), delivery = "exactly_once",
    };

    private static object ToBucket() => new
    {
        emulator_sync = "minio", emulation_domain = "device-log", rows = Rows, rate = "2k/s", bucket = ServiceProcess.Bucket, prefix = KafkaCluster.NewTopic(), max_chunk_size = 1_000_000,
    };

    private static async Task KillAsync(string lake, int atRow)
    {
        Guid[] ids;
        using (ServiceProcess victim = await ServiceProcess.StartAsync(new Dictionary<string, string>(), lake))
        {
            ids = [await victim.PostAsync(ToTopic()), await victim.PostAsync(ToBucket())];
            await victim.WaitAsync(ids[atRow % 2], (status, rows) => rows >= atRow || status == "completed");
            await victim.KillAsync();
        }

        using ServiceProcess next = await ServiceProcess.StartAsync(new Dictionary<string, string>(), lake);
        foreach (Guid id in ids)
        {
            Assert.Equal("completed", await next.WaitAsync(id, static (status, _) => status == "completed"));
        }

        Assert.Equal(0, (await next.StopAsync()).Code);
        await AssertCleanAsync(new Dictionary<string, string>(), lake, "raw,topic");
    }

    private static async Task AssertCleanAsync(IReadOnlyDictionary<string, string> environment, string lake, string layers)
    {
        using LakelabProcess audit = LakelabProcess.Start(environment, "audit", "--layers", layers, "--lake", lake);
        (int code, string output, string words) = await audit.EndAsync();
        Assert.True(code == 0, output + words);
        Assert.Contains("complete and unaltered", output, StringComparison.Ordinal);
    }
}
