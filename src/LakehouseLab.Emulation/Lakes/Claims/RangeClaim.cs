using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Rows;

namespace LakehouseLab.Emulation.Lakes.Claims;

/// <summary>A range of a domain's rows that one emulation makes.</summary>
/// <param name="Emulation">The emulation.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="Rows">How many rows were claimed.</param>
public sealed record RangeClaim(Guid Emulation, long FirstRow, long Rows)
{
    /// <summary>Where the emulation ended it before its end; null when it did not.</summary>
    public long? EndedAt { get; init; }

    /// <summary>How many claims of the emulation, each next to the one before, were condensed to this one; null for one.</summary>
    public int? Claims { get; init; }

    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => EndedAt ?? ClaimedEndRow;

    /// <summary>The range, without what was given back.</summary>
    [JsonIgnore]
    public RowRange Range => new(FirstRow, EndRow);

    private long ClaimedEndRow => FirstRow + Rows;

    /// <summary>Whether a claim is this one, or one of those that this one was condensed from.</summary>
    internal bool Holds(RangeClaim claim) =>
        Emulation == claim.Emulation && FirstRow <= claim.FirstRow && claim.ClaimedEndRow <= ClaimedEndRow && (Claims > 1 || Rows == claim.Rows);

    /// <summary>The claim of the same rows as two neighbours; null when they are not next to each other, or not of one emulation.</summary>
    internal RangeClaim? TryJoin(RangeClaim next) => Emulation == next.Emulation && EndedAt is null && ClaimedEndRow == next.FirstRow
        ? next with { FirstRow = FirstRow, Rows = Rows + next.Rows, Claims = (Claims ?? 1) + (next.Claims ?? 1) }
        : null;

    /// <summary>The claim without the rows from one on.</summary>
    internal RangeClaim EndAt(long row) => this with { EndedAt = Math.Min(EndRow, Math.Max(row, FirstRow)) };
}
