using LakehouseLab.Emulation.Progress;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Shows how far emulations are: a bar for each domain, from its first report on.</summary>
internal sealed class EmulationBars(ProgressBoard board) : IProgress<EmulationProgress>
{
    private readonly Dictionary<DomainSchema, ProgressStep> _steps = [];

    /// <inheritdoc/>
    public void Report(EmulationProgress value)
    {
        if (!_steps.TryGetValue(value.Schema, out ProgressStep? step))
        {
            step = board.Begin(value.Schema.Name);
            _steps.Add(value.Schema, step);
        }

        step.Report(value.Rows, value.TotalRows ?? 0);
    }
}
