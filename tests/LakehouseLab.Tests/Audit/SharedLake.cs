using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit;

/// <summary>A lake that is made and audited once; each test has a copy to tamper with.</summary>
public abstract class SharedLake : IAsyncLifetime
{
    private readonly AuditedLake _lake = new();
    private readonly Lazy<Task> _made;
    private readonly Lazy<Task<AuditReport>> _audited;

    private protected SharedLake()
    {
        _made = new Lazy<Task>(() => MakeAsync(_lake));
        _audited = new Lazy<Task<AuditReport>>(AuditCopyAsync);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _lake.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

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

    /// <summary>What the audit says of the lake before anyone tampers with it.</summary>
    internal Task<AuditReport> AuditAsync() => _audited.Value;

    /// <summary>Makes the lake.</summary>
    private protected abstract Task MakeAsync(AuditedLake lake);

    private async Task<AuditReport> AuditCopyAsync()
    {
        using AuditedLake copy = await CopyAsync();
        return await copy.AuditAsync();
    }
}
