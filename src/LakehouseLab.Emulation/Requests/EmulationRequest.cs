using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Emulation.Requests;

/// <summary>Rows to be made: a range, or all from a row on until the emulation is ended.</summary>
public sealed record EmulationRequest : EmulationOptions
{
    /// <summary>Makes a request with the default options.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="world">The world.</param>
    /// <param name="firstRow">First row, from 0.</param>
    /// <param name="rows">How many rows, at least 1; null for as many as come until the emulation is ended.</param>
    public EmulationRequest(Domain domain, EmulatedWorld world, long firstRow, long? rows)
        : this(domain, world, firstRow, rows, new EmulationOptions())
    {
    }

    /// <summary>Makes a request.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="world">The world.</param>
    /// <param name="firstRow">First row, from 0.</param>
    /// <param name="rows">How many rows, at least 1; null for as many as come until the emulation is ended.</param>
    /// <param name="options">How they are made.</param>
    public EmulationRequest(Domain domain, EmulatedWorld world, long firstRow, long? rows, EmulationOptions options)
        : base(options)
    {
        // A topic that was not named is the domain's own.
        Destination = options.Destination is { Sync: SyncSystem.Kafka, Location: null } topic ? topic with { Location = domain.Topic } : options.Destination;
        Domain = domain;
        World = world;
        FirstRow = firstRow;
        Rows = rows;
    }

    /// <summary>The domain.</summary>
    public Domain Domain { get; }

    /// <summary>What the domain's records look like.</summary>
    public DomainSchema Schema => Domain.Schema;

    /// <summary>The world.</summary>
    public EmulatedWorld World { get; }

    /// <summary>First row, from 0.</summary>
    public long FirstRow { get; }

    /// <summary>How many rows; null for as many as come until the emulation is ended.</summary>
    public long? Rows { get; }

    /// <summary>The row after the last that can be.</summary>
    public long EndRow => Rows is { } rows ? FirstRow + rows : RowSelection.MaxRow;

    /// <summary>The range.</summary>
    public RowRange Range => new(FirstRow, EndRow);

    /// <summary>What is claimed before the first row: the range, or the first piece of one that has no end yet.</summary>
    public RowRange FirstClaim => new(FirstRow, FirstRow + (Rows ?? Pieces.RowsOf(Pace)));

    /// <summary>The emulation that is to go on or to begin under this id; null for the one that the request itself names.</summary>
    public Guid? Emulation { get; init; }

    /// <summary>Where this run stops at the latest; the rest of the range stays the emulation's, to be made when it is continued. Null: at the end.</summary>
    public long? StopRow { get; init; }
}
