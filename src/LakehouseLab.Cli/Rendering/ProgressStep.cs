namespace LakehouseLab.Cli.Rendering;

/// <summary>A step on a <see cref="ProgressBoard"/>. Safe for use by several threads.</summary>
internal abstract class ProgressStep
{
    /// <summary>Tells how far the step is.</summary>
    /// <param name="done">What is done.</param>
    /// <param name="total">What there is to do; 0 when that is not known.</param>
    public abstract void Report(long done, long total);
}

/// <summary>Turns a use case's reports into those of a step.</summary>
/// <param name="step">The step.</param>
/// <param name="measure">How much of how much is done.</param>
internal sealed class StepProgress<T>(ProgressStep step, Func<T, (long Done, long Total)> measure) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value)
    {
        (long done, long total) = measure(value);
        step.Report(done, total);
    }
}
