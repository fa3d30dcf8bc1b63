namespace LakehouseLab.Bench;

/// <summary>Something that is measured.</summary>
internal abstract class Measurement
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether servers of this machine take part, so that its load is not only that of the bench.</summary>
    public virtual bool HasServers => false;

    /// <summary>Measures it.</summary>
    public abstract Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken);
}
