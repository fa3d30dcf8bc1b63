using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World.Schemas;

[assembly: AssemblyFixture(typeof(LakehouseLab.Tests.Audit.WholeLake))]

namespace LakehouseLab.Tests.Audit;

/// <summary>A lake with all its layers, made once; each test has a copy to tamper with.</summary>
public sealed class WholeLake : IAsyncLifetime
{
    private readonly AuditedLake _lake = new();
    private readonly Lazy<Task> _made;

    public WholeLake() => _made = new Lazy<Task>(MakeAsync);

    /// <summary>A copy of the lake.</summary>
    internal async Task<AuditedLake> CopyAsync()
    {
        await _made.Value;
        AuditedLake copy = new();
        foreach (string path in Directory.EnumerateFiles(_lake.Folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Folder, Path.GetRelativePath(_lake.Folder, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        return copy;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _lake.Dispose();
        return ValueTask.CompletedTask;
    }

    // Two runs, labels in the first only, over the turn of a month: gaps between ranges, several files, absent labels.
    private async Task MakeAsync()
    {
        await _lake.EmulateAsync(DomainSchemas.UserProfile, 0, 260);
        await _lake.EmulateAsync(DomainSchemas.Transaction, 5_000, 3_500, chunkSize: 200_000);
        await _lake.EmulateAsync(DomainSchemas.DeviceLog, 2_000, 1_000);
        await RunPipelineAsync(_lake.Lake);
        await _lake.EmulateAsync(DomainSchemas.Transaction, 8_600, 700, labels: false);
        await _lake.EmulateAsync(DomainSchemas.DeviceLog, 4_000, 700);
        await RunPipelineAsync(_lake.Lake);
    }

    internal static async Task RunPipelineAsync(Lake lake)
    {
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, AuditedLake.Token);
        Assert.Empty(report.Failures);
    }
}
