using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Cli.Rendering;

/// <summary>Shows a pipeline's progress: a bar for Bronze records of each table, one for the models.</summary>
internal sealed class PipelineSteps(ProgressBoard board) : IProgress<PipelineProgress>
{
    private readonly Dictionary<string, ProgressStep> _steps = [];

    /// <inheritdoc/>
    public void Report(PipelineProgress value)
    {
        string title = value.Step.StartsWith("bronze.", StringComparison.Ordinal) ? value.Step : "silver and gold";
        lock (_steps)
        {
            if (!_steps.TryGetValue(title, out ProgressStep? step))
            {
                step = board.Begin(title);
                _steps.Add(title, step);
            }

            step.Report(value.Done, value.Total);
        }
    }
}
