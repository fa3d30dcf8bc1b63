using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Audit.Tampers;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Audit;

/// <summary>An emulation that runs while its lake is audited, and emulations that deliver nothing, are nothing that an audit stumbles over.</summary>
public sealed class RunningAuditTests
{
    private const long ChunkSize = 60_000;

    private static readonly Guid s_running = new("55555555-5555-4555-8555-555555555555");

    /// <summary>Where an emulation without rows begins, and its id: manifests are read in the order of their ids.</summary>
    public static TheoryData<long, string> Empty => new()
    {
        { 0, "11111111-1111-4111-8111-111111111111" },
        { 0, "99999999-9999-4999-8999-999999999999" },
        { 100, "11111111-1111-4111-8111-111111111111" },
        { 100, "99999999-9999-4999-8999-999999999999" },
    };

    [Theory]
    [MemberData(nameof(Empty))]
    public async Task RunAsync_AnEmulationWithoutRowsBeginsWhereAnotherDelivers_AuditsTheOther(long firstRow, string id)
    {
        using AuditedLake lake = await InterruptedAsync();
        await PutEmptyAsync(lake, new Guid(id), firstRow);
        await WholeLake.RunPipelineAsync(lake.Lake);
        AssertClean(await lake.AuditAsync());
        TableTampering.Rewrite(TableTampering.Files(lake, "silver/transactions")[0], "FROM this OFFSET 1");
        TableAudit silver = Assert.Single((await lake.AuditAsync()).Tables, audit => audit.Name == "silver.transactions");
        Assert.Equal((1, 0), (silver.Counts.Missing, silver.Counts.Unexpected));
    }

    [Fact]
    public async Task RunAsync_EmulationsCancelledBeforeTheyDeliveredAnything_LeaveTheirRowsToTheNext()
    {
        using AuditedLake lake = new();
        foreach (string id in (string[])["11111111-1111-4111-8111-111111111111", "99999999-9999-4999-8999-999999999999"])
        {
            EmulationControl control = new() { Cancellation = new CancellationToken(canceled: true) };
            Assert.Equal(0, (await Emulator.RunAsync(Request with { Emulation = new Guid(id) }, lake.Lake, control, AuditedLake.Token)).Rows);
        }

        await ContinueAsync(lake.Lake);
        await WholeLake.RunPipelineAsync(lake.Lake);
        AuditReport report = await lake.AuditAsync();
        AssertClean(report);
        Assert.Equal((600, 3), (Assert.Single(report.Tables, audit => audit.Name == "silver.transactions").Counts.Expected, (await new ManifestStore(lake.Lake.Store).ListAsync(AuditedLake.Token)).Count));
    }

    [Theory]
    [MemberData(nameof(Empty))]
    public async Task RunAsync_AnEmulationWithoutRowsAndRowsThatWait_TheyAreBehind(long firstRow, string id)
    {
        using AuditedLake lake = await InterruptedAsync();
        await PutEmptyAsync(lake, new Guid(id), firstRow);
        await WholeLake.RunPipelineAsync(lake.Lake);
        await ContinueAsync(lake.Lake);
        AuditReport report = await lake.AuditAsync();
        AssertClean(report);
        TableAudit silver = Assert.Single(report.Tables, audit => audit.Name == "silver.transactions");
        Assert.Equal(600, silver.Counts.Expected + silver.Behind!.Records);
    }

    [Fact]
    public async Task RunShardAsync_AnEmulationWithoutRowsBeginsBeforeTheEnd_MergedShardsAgree()
    {
        using AuditedLake lake = await InterruptedAsync();
        await lake.EmulateAsync(BuiltIn.Transaction, 5_000, 3_500);
        await PutEmptyAsync(lake, new Guid("99999999-9999-4999-8999-999999999999"), 5_001);
        await WholeLake.RunPipelineAsync(lake.Lake);
        AuditReport report = await lake.AuditAsync();
        AssertClean(report);
        await ShardTrial.CheckAsync(lake.Lake, report, AuditedLake.Request(), count: 3);
    }

    [Theory]
    [InlineData("raw/transaction/")]
    [InlineData("raw/_emulations/")]
    [InlineData("raw/_emulations/55555555-5555-4555-8555-555555555555/")]
    [InlineData("_lakelab/ranges/transaction/")]
    public async Task RunAsync_MoreIsDeliveredWhileItReads_IsClean(string prefix)
    {
        using AuditedLake lake = await InterruptedAsync();
        await WholeLake.RunPipelineAsync(lake.Lake);
        Lake audited = lake.Lake.Through(store => new ActingStore(store, prefix, async () =>
        {
            await ContinueAsync(lake.Lake);
            await lake.EmulateAsync(BuiltIn.Transaction, 2_000, 50);
        }));
        AuditReport report = await LakeAudit.RunAsync(audited, AuditedLake.Request(), null, AuditedLake.Token);
        AssertClean(report);
        Assert.Equal(2, (await new ManifestStore(lake.Lake.Store).ListAsync(AuditedLake.Token)).Count);
        AssertClean(await lake.AuditAsync());
    }

    [Fact]
    public async Task RunAsync_MoreRowsAreClaimedWhileItReads_IsClean()
    {
        using AuditedLake lake = await InterruptedAsync();
        ManifestStore manifests = new(lake.Lake.Store);
        Manifest manifest = (await manifests.FindAsync(s_running, AuditedLake.Token))!;
        long claimed = (await manifests.ListDeliveredAsync(manifest, AuditedLake.Token))[0].EndRow;
        await manifests.PutAsync(manifest with { Ranges = [new ManifestRange(0, claimed)] }, AuditedLake.Token);
        Lake audited = lake.Lake.Through(store => new ActingStore(store, $"raw/_emulations/{s_running}/", () => manifests.PutAsync(manifest, AuditedLake.Token)));
        AssertClean(await LakeAudit.RunAsync(audited, AuditedLake.Request(), null, AuditedLake.Token));
    }

    [Fact]
    public async Task RunAsync_AStrangersChunkOfAnEmulationThatHasNotEnded_IsUnexpected()
    {
        using AuditedLake lake = await InterruptedAsync();
        string last = Directory.EnumerateFiles(Path.Combine(lake.Folder, "raw", "transaction"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        ChunkKey key = ChunkKey.TryParse(Path.GetRelativePath(lake.Folder, last).Replace(Path.DirectorySeparatorChar, '/'))!.Value;
        File.Copy(last, Path.Combine(lake.Folder, (key with { Number = key.Number + 2, FirstRow = 590 }).ToString()));
        AuditReport report = await lake.AuditAsync(AuditLayer.Raw);
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.Unexpected);
    }

    [Theory]
    [InlineData(DeliveryGuarantee.ExactlyOnce)]
    [InlineData(DeliveryGuarantee.AtLeastOnce)]
    public async Task RunAsync_MessagesAreDeliveredWhileItReads_AreNotLookedAt(DeliveryGuarantee delivery)
    {
        using TopicLake lake = await TopicLake.DeliverAsync(delivery, ends: EmulationState.Running, upTo: 3_000);
        await lake.PutAsync(await lake.ManifestAsync() with { DeliveredRows = 1_000 });
        lake.Log.Positions[TopicLake.Emulation] = 3_000;
        lake.Log.OnFind = () =>
        {
            lake.Log.OnFind = null;
            lake.AppendRest(3_000);
            lake.Log.Positions[TopicLake.Emulation] = 5_000;
        };
        AuditReport report = await LakeAudit.RunAsync(lake.Lake, AuditedLake.Request(AuditLayer.Topic) with { Topics = lake.Log }, null, AuditedLake.Token);
        AssertClean(report);
        TableAudit audit = Assert.Single(report.Tables);
        Assert.Equal((3_000, 3_000), (audit.Counts.Expected, audit.Counts.Found));
        Assert.DoesNotContain(audit.Notes, note => note.Contains("at_least_once", StringComparison.Ordinal));
    }

    private static void AssertClean(AuditReport report) => Assert.True(report.IsClean, string.Join('\n', report.Findings.Select(finding => finding.Text)));

    // An emulation of 600 rows that was interrupted after some chunks.
    private static async Task<AuditedLake> InterruptedAsync()
    {
        AuditedLake lake = new();
        await Emulator.RunAsync(Request with { StopRow = 300 }, lake.Lake, new EmulationControl(), AuditedLake.Token);
        return lake;
    }

    private static EmulationRequest Request => new(BuiltIn.Transaction, AuditedLake.World, 0, 600) { Emulation = s_running, MaxChunkSize = ChunkSize };

    private static Task<EmulationResult> ContinueAsync(Lake lake) => Emulator.RunAsync(Request, lake, new EmulationControl(), AuditedLake.Token);

    // What a request leaves that was refused or ended before it had delivered anything.
    private static async Task PutEmptyAsync(AuditedLake lake, Guid id, long firstRow)
    {
        ManifestStore manifests = new(lake.Lake.Store);
        Manifest running = (await manifests.FindAsync(s_running, AuditedLake.Token))!;
        await manifests.PutAsync(
            running with { Id = id, Ranges = [new ManifestRange(firstRow, 0)], State = EmulationState.Cancelled, DeliveredRows = 0, DeliveredBytes = 0, Chunks = 0 }, AuditedLake.Token);
    }

    // Does something, once, before a folder is listed.
    private sealed class ActingStore(IObjectStore inner, string prefix, Func<Task> act) : DelegatingStore(inner)
    {
        private readonly IObjectStore _inner = inner;
        private Func<Task>? _act = act;

        public override async IAsyncEnumerable<ObjectInfo> ListAsync(string listed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (listed == prefix && Interlocked.Exchange(ref _act, null) is { } now)
            {
                await now();
            }

            await foreach (ObjectInfo item in _inner.ListAsync(listed, cancellationToken))
            {
                yield return item;
            }
        }
    }
}
