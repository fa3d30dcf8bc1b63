using System.Collections.Concurrent;
using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Shows an audit's steps on a board, each from its first report on.</summary>
internal sealed class AuditBoard(ProgressBoard board) : IProgress<AuditProgress>
{
    private readonly ConcurrentDictionary<string, Lazy<ProgressStep>> _steps = [];

    /// <inheritdoc/>
    public void Report(AuditProgress value) =>
        _steps.GetOrAdd(value.Step, name => new Lazy<ProgressStep>(() => board.Begin(name))).Value.Report(value.Done, value.Total);
}
