using System.Collections.Concurrent;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Tests.Storage;

namespace LakehouseLab.Tests.Pipeline.Runs;

/// <summary>How often a run reads what it plans by.</summary>
public sealed class LogReadsTests
{
    [Fact]
    public async Task RunAsync_NothingNew_ReadsEachModelsLogOnce()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await OwnModel.PutPaymentsAsync(lake, "one", (1, "x", "2026-01-01T00:00:00Z"));
        Assert.Empty((await RunAsync(lake)).Failures);

        LogReads? reads = null;
        PipelineReport report = await RunAsync(lake.Through(inner => reads = new LogReads(inner)));
        Assert.All(report.Models, model => Assert.Equal(ModelState.UpToDate, model.State));
        Assert.All(report.Models, model => Assert.Equal(1, reads!.Of(model.Table)));
        Assert.Equal(1, reads!.Of("reference.fx_rates"));
        Assert.Equal(1, reads.Of("silver.quarantine"));
    }

    private static Task<PipelineReport> RunAsync(Lake lake) =>
        PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, TestContext.Current.CancellationToken);

    /// <summary>Counts how often the search for a log's newest version begins.</summary>
    private sealed class LogReads(IObjectStore inner) : DelegatingStore(inner)
    {
        private readonly ConcurrentDictionary<string, int> _begun = [];

        public int Of(string table) => _begun.GetValueOrDefault($"{table.Replace('.', '/')}/_delta_log/_last_checkpoint");

        public override ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
        {
            _begun.AddOrUpdate(key, 1, (_, count) => count + 1);
            return base.ReadAsync(key, cancellationToken);
        }
    }
}
