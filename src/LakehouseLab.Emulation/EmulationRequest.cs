using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation;

/// <summary>A range of rows to be made.</summary>
public sealed record EmulationRequest : EmulationOptions
{
    /// <summary>The format in which records are written.</summary>
    public const string Format = "json";

    /// <summary>Makes a request with the default options.</summary>
    /// <param name="schema">The domain.</param>
    /// <param name="world">The world.</param>
    /// <param name="firstRow">First row, from 0.</param>
    /// <param name="rows">How many rows, at least 1.</param>
    public EmulationRequest(DomainSchema schema, EmulatedWorld world, long firstRow, long rows)
        : this(schema, world, firstRow, rows, new EmulationOptions())
    {
    }

    /// <summary>Makes a request.</summary>
    /// <param name="schema">The domain.</param>
    /// <param name="world">The world.</param>
    /// <param name="firstRow">First row, from 0.</param>
    /// <param name="rows">How many rows, at least 1.</param>
    /// <param name="options">How they are made.</param>
    public EmulationRequest(DomainSchema schema, EmulatedWorld world, long firstRow, long rows, EmulationOptions options)
        : base(options)
    {
        Schema = schema;
        World = world;
        FirstRow = firstRow;
        Rows = rows;
    }

    /// <summary>The domain.</summary>
    public DomainSchema Schema { get; }

    /// <summary>The world.</summary>
    public EmulatedWorld World { get; }

    /// <summary>First row, from 0.</summary>
    public long FirstRow { get; }

    /// <summary>How many rows.</summary>
    public long Rows { get; }

    /// <summary>The row after the last.</summary>
    public long EndRow => FirstRow + Rows;

    /// <summary>The emulation that is to go on; null for the one that the request itself names.</summary>
    public Guid? Emulation { get; init; }

    /// <summary>Where this run stops at the latest; the rest of the range stays the emulation's, to be made when it is continued. Null: at the end.</summary>
    public long? StopRow { get; init; }
}
