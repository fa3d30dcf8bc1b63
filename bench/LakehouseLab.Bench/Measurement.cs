namespace LakehouseLab.Bench;

/// <summary>Something that is measured.</summary>
internal abstract class Measurement
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Measures it.</summary>
    public abstract Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken);
}
