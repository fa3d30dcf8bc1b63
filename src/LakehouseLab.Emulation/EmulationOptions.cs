namespace LakehouseLab.Emulation;

/// <summary>How records are made and delivered.</summary>
public record EmulationOptions
{
    /// <summary>The default of <see cref="MaxChunkSize"/>.</summary>
    public const long DefaultMaxChunkSize = 64L << 20;

    /// <summary>Whether records carry labels.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>How many threads make rows. The bytes do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes of a chunk at most, unless a single record is longer.</summary>
    public long MaxChunkSize { get; init; } = DefaultMaxChunkSize;
}
