namespace LakehouseLab.Cli.Rendering;

/// <summary>A step on a <see cref="ProgressBoard"/>. Safe for use by several threads.</summary>
internal abstract class ProgressStep
{
    /// <summary>Tells how far the step is.</summary>
    /// <param name="done">What is done.</param>
    /// <param name="total">What there is to do; 0 when that is not known.</param>
    public abstract void Report(long done, long total);
}
