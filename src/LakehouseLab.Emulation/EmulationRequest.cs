using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation;

/// <summary>A range of rows to be made.</summary>
/// <param name="Schema">The domain.</param>
/// <param name="World">The world.</param>
/// <param name="FirstRow">First row, from 0.</param>
/// <param name="Rows">How many rows, at least 1.</param>
public sealed record EmulationRequest(DomainSchema Schema, EmulatedWorld World, long FirstRow, long Rows)
{
    /// <summary>The format in which records are written.</summary>
    public const string Format = "json";

    /// <summary>The default of <see cref="MaxChunkSize"/>.</summary>
    public const long DefaultMaxChunkSize = 64L << 20;

    /// <summary>Whether records carry labels.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>How many threads make rows. The bytes do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes of a chunk at most, unless a single record is longer.</summary>
    public long MaxChunkSize { get; init; } = DefaultMaxChunkSize;

    /// <summary>The emulation that is to go on; null for the one that the request itself names.</summary>
    public Guid? Emulation { get; init; }
}
