using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Tests.Audit;

namespace LakehouseLab.Tests.Pipeline;

public sealed class PipelineStreamTests
{
    [Fact]
    public async Task RunAsync_UntilCaughtUp_TakesMicroBatchesAndTellsLags()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        List<StreamEvent.Finished> told = [];
        Assert.Null(await RunAsync(lake, batchRows: 2_000, once: true, told: happened => told.Add(Assert.IsType<StreamEvent.Finished>(happened))));
        Assert.Equal(5_000, told.Sum(finished => finished.Report.Bronze[0].Records));
        Assert.All(told.SkipLast(1), finished => Assert.InRange(finished.Report.Bronze[0].Records, 2_000, 2_003));
        Assert.Equal([2_998L, 996, 0], told.Select(finished => finished.Lags[0].Records));
        Assert.All(told, finished => Assert.NotNull(finished.Lags[0].EventTime));
        Assert.True((await lake.AuditAsync(LakehouseLab.Audit.Reports.AuditLayer.Silver)).IsClean);
    }

    [Fact]
    public async Task RunAsync_NothingNew_WaitsForItAndTakesWhatComes()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(AuditedLake.Token);
        int waits = 0;
        lake.Log.OnWait = () =>
        {
            if (++waits == 1)
            {
                lake.Append(7, lake.Records[7]);
            }
            else
            {
                stop.Cancel();
            }
        };
        List<long> records = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            lake, told: happened => records.Add(((StreamEvent.Finished)happened).Report.Bronze[0].Records), stop: stop.Token));
        Assert.Equal([5_000L, 1L], records);
    }

    [Fact]
    public async Task RunAsync_ClusterAway_SaysSoOnceAndGoesOn()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.IsAway = true;
        List<StreamEvent> told = [];
        Assert.Null(await RunAsync(lake, once: true, told: happened =>
        {
            told.Add(happened);
            lake.Log.IsAway = false;
        }));
        Assert.Equal([typeof(StreamEvent.Waiting), typeof(StreamEvent.Resumed), typeof(StreamEvent.Finished)], told.Select(happened => happened.GetType()).Take(3));
        Assert.Equal(5_000, told.OfType<StreamEvent.Finished>().Sum(finished => finished.Report.Bronze[0].Records));
    }

    [Fact]
    public async Task RunAsync_SameFailureTwice_EndsWithIt()
    {
        using TopicLake lake = await TopicLake.DeliverAsync();
        lake.Log.MessagesUntilFailure = 0;
        PipelineReport? failed = await RunAsync(lake, once: true, told: static _ => { });
        Assert.Contains("no broker answers", Assert.Single(failed!.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ModelFailsAtAValue_GoesOnWithTheOthersAndTellsAtTheEnd()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.Combine("raw/transaction"));
        Put("large", Enumerable.Range(0, 1_002), "99999999999.9999");
        List<long> silver = [];
        PipelineReport? failed = await PipelineStream.RunAsync(
            lake,
            new StreamRequest(new PipelineRequest { Select = "silver.transactions+", Source = RecordSource.Raw }) { EndsWhenCaughtUp = true, Interval = TimeSpan.FromMilliseconds(1) },
            new HastyClock(),
            told =>
            {
                silver.Add(((StreamEvent.Finished)told).Report.Models.Single(model => model.Table == "silver.transactions").RowsIn);
                if (silver.Count == 2)
                {
                    Put("later", [5_000], "12.5");
                }
            },
            TestContext.Current.CancellationToken);
        Assert.Equal([1_002L, 0, 1], silver);
        Assert.Contains("column amount is DECIMAL(18,4), which cannot hold", Assert.Single(failed!.Failures), StringComparison.Ordinal);

        void Put(string file, IEnumerable<int> numbers, string amount) => File.WriteAllLines(
            folder.Combine($"raw/transaction/{file}.json"),
            numbers.Select(number => $$"""{"transaction_id":"00000000-0000-8000-8000-{{number:d12}}","user_id":9,"amount":{{amount}},"currency":"EUR","merchant":"Oak","timestamp":"2026-05-05T12:00:00Z","location":"Paris, FR"}"""));
    }

    [Fact]
    public async Task RunAsync_ObjectThatWaits_KeepsNoStreamFromCatchingUp()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await lake.Store.PutAsync("raw/transaction/a.csv", "nonsense"u8.ToArray(), AuditedLake.Token);
        await lake.Store.PutAsync("raw/transaction/b.json", "{}"u8.ToArray(), AuditedLake.Token);
        StreamRequest request = new(new PipelineRequest { Select = "silver.transactions", Source = RecordSource.Raw }) { EndsWhenCaughtUp = true, Interval = TimeSpan.FromMilliseconds(1) };
        List<long> objects = [];
        Assert.Null(await PipelineStream.RunAsync(lake, request, new HastyClock(), happened => objects.Add(((StreamEvent.Finished)happened).Report.Bronze[0].Objects), AuditedLake.Token));
        Assert.Equal([1L], objects);
    }

    private static Task<PipelineReport?> RunAsync(
        TopicLake lake, Action<StreamEvent> told, long batchRows = StreamRequest.DefaultBatchRows, bool once = false, CancellationToken? stop = null)
    {
        PipelineRequest run = new() { Select = "silver.transactions", Source = RecordSource.Kafka, Topics = lake.Log, BatchOffsets = batchRows };
        return PipelineStream.RunAsync(lake.Lake, new StreamRequest(run) { EndsWhenCaughtUp = once, Interval = TimeSpan.FromMilliseconds(1) }, new HastyClock(), told, stop ?? AuditedLake.Token);
    }

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
