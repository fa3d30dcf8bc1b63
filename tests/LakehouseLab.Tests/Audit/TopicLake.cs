using System.Text;
using System.Text.Json;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Tests.Audit.Tampers;
using LakehouseLab.Tests.Emulation.Kafka;

namespace LakehouseLab.Tests.Audit;

/// <summary>A lake whose transactions were delivered to a topic in memory.</summary>
internal sealed class TopicLake : IDisposable
{
    public const string Topic = "transactions";
    public const int Partitions = 3;

    private const int Rows = 5_000;
    private const long FirstTimestamp = 1_767_225_600_000;

    private readonly AuditedLake _lake = new();
    private readonly int _partitions;
    private readonly long[] _next = new long[Partitions];

    private TopicLake(int partitions)
    {
        _partitions = partitions;
        Log.Create(Topic, partitions);
    }

    public static Guid Emulation { get; } = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    public MemoryTopicLog Log { get; } = new();

    public Lake Lake => _lake.Lake;

    /// <summary>The records in order.</summary>
    public byte[][] Records { get; private set; } = [];

    /// <summary>Delivers rows 0 to 4,999.</summary>
    /// <param name="delivery">What is promised of them.</param>
    /// <param name="headers">Whether messages have the header.</param>
    /// <param name="ends">How the emulation ended.</param>
    /// <param name="partitions">Partitions of the topic.</param>
    /// <param name="upTo">How many rows the topic has to begin with.</param>
    public static async Task<TopicLake> DeliverAsync(
        DeliveryGuarantee delivery = DeliveryGuarantee.ExactlyOnce, bool headers = true, EmulationState ends = EmulationState.Completed, int partitions = Partitions, int upTo = Rows)
    {
        TopicLake lake = new(partitions);
        using AuditedLake source = new();
        await source.EmulateAsync(BuiltIn.Transaction, 0, Rows);
        string path = Assert.Single(Directory.GetFiles(Path.Combine(source.Folder, "raw/transaction"), "*.json", SearchOption.AllDirectories));
        lake.Records = [.. (await File.ReadAllLinesAsync(path, AuditedLake.Token)).Select(Encoding.UTF8.GetBytes)];
        await lake.Lake.BindAsync(AuditedLake.World.Settings, AuditedLake.Token);
        for (int row = 0; row < upTo; row++)
        {
            lake.Append(row, lake.Records[row], headers);
        }

        Manifest manifest = new(Emulation, AuditedLake.World.Settings, "transaction", "json", "none", true, SyncSystem.Kafka, [new ManifestRange(0, Rows)], ends, Rows, 1, 0)
        {
            Location = Topic,
            PlaceId = "id-0",
            Delivery = delivery,
            Rows = Rows,
        };
        await lake.PutAsync(manifest);
        await new RangeClaims(lake.Lake, "transaction").ClaimAsync(new RangeClaim(Emulation, 0, Rows), AuditedLake.Token);
        return lake;
    }

    /// <summary>Delivers the rows from one on.</summary>
    public void AppendRest(int row)
    {
        for (; row < Rows; row++)
        {
            Append(row, Records[row]);
        }
    }

    public Task PutAsync(Manifest manifest) => new ManifestStore(Lake.Store).PutAsync(manifest, AuditedLake.Token);

    public async Task<Manifest> ManifestAsync() => (await new ManifestStore(Lake.Store).FindAsync(Emulation, AuditedLake.Token))!;

    /// <summary>Partition and offset of each row, in order of delivery.</summary>
    public List<(int Partition, long Offset)> Places { get; } = [];

    /// <summary>Appends a message with the key of a row.</summary>
    /// <returns>Its place, as findings name it.</returns>
    public string Append(int row, byte[]? value, bool header = true)
    {
        byte[] key = KeyOf(row);
        int partition = Murmur2.PartitionOf(key, _partitions);
        long offset = _next[partition]++;
        Log.Append(Topic, partition, value, key, header ? new RecordHeader(Emulation, row) : null, FirstTimestamp + row);
        Places.Add((partition, offset));
        return $"{Topic}-{partition}@{offset}";
    }

    /// <summary>The key of a row's message.</summary>
    public byte[] KeyOf(int row)
    {
        using JsonDocument record = JsonDocument.Parse(Records[row]);
        return Encoding.ASCII.GetBytes(record.RootElement.GetProperty("user_id").GetRawText());
    }

    /// <summary>Audits the records in a layer; what is made from them is others' concern.</summary>
    public async Task<TableAudit> AuditAsync(AuditLayer layer) =>
        Assert.Single((await AuditLayersAsync(layer)).Tables, table => !table.Name.EndsWith("_daily", StringComparison.Ordinal));

    /// <summary>Audits topic and Bronze together, so that they are held against each other.</summary>
    /// <returns>What is told of Bronze.</returns>
    public async Task<TableAudit> AuditReceptionAsync() =>
        Assert.Single((await AuditLayersAsync(AuditLayer.Topic, AuditLayer.Bronze)).Tables, table => table.Layer == AuditLayer.Bronze);

    private async Task<AuditReport> AuditLayersAsync(params AuditLayer[] layers)
    {
        AuditRequest request = AuditedLake.Request(layers) with { Topics = Log };
        AuditReport report = await LakeAudit.RunAsync(Lake, request, null, AuditedLake.Token);
        await ShardTrial.CheckIfChosenAsync(TestContext.Current.Test!.TestDisplayName, Lake, report, request);
        return report;
    }

    public async Task RunPipelineAsync()
    {
        PipelineRequest request = new() { Select = "silver.transactions", Topics = Log };
        PipelineReport report = await PipelineRun.RunAsync(Lake, request, TimeProvider.System, null, AuditedLake.Token);
        Assert.Empty(report.Failures);
    }

    public void Dispose() => _lake.Dispose();
}
