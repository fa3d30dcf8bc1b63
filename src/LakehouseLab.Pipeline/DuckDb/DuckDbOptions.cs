namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>What DuckDB may take of the machine.</summary>
/// <param name="MemoryLimit">Bytes of memory at most; what needs more spills to disk.</param>
/// <param name="Threads">Threads, at least 1.</param>
public sealed record DuckDbOptions(long MemoryLimit, int Threads)
{
    /// <summary>The default of <see cref="MemoryLimit"/>: enough for tens of millions of rows, and half of a small laptop's memory.</summary>
    public const long DefaultMemoryLimit = 4L << 30;

    /// <summary>The least with which DuckDB can sort and join at all.</summary>
    public const long MinMemoryLimit = 256L << 20;
}
