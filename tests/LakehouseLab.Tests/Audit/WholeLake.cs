using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.WholeLake))]

namespace LakehouseLab.Tests.Audit;

/// <summary>A lake with all its layers and nothing wrong.</summary>
public sealed class WholeLake : SharedLake
{
    internal static async Task RunPipelineAsync(Lake lake)
    {
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, AuditedLake.Token);
        Assert.Empty(report.Failures);
    }

    // Two runs, labels in the first only, over the turn of a month: gaps between ranges, several files, absent labels.
    private protected override async Task MakeAsync(AuditedLake lake)
    {
        await lake.EmulateAsync(BuiltIn.UserProfile, 0, 260);
        await lake.EmulateAsync(BuiltIn.Transaction, 5_000, 3_500, chunkSize: 200_000);
        await lake.EmulateAsync(BuiltIn.DeviceLog, 2_000, 1_000);
        await RunPipelineAsync(lake.Lake);
        await lake.EmulateAsync(BuiltIn.Transaction, 8_600, 700, labels: false);
        await lake.EmulateAsync(BuiltIn.DeviceLog, 4_000, 700);
        await RunPipelineAsync(lake.Lake);
    }
}
