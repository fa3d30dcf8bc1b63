using LakehouseLab.Decoding.Files;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>Decoded records of Bronze: the fields of their domain, where they come from, and of those that are rejected the reason and payload.</summary>
/// <param name="Parts">Relations that together have all records, in order.</param>
/// <param name="Totals">What the records are.</param>
internal abstract record DecodedBatch(IReadOnlyList<Relation> Parts, DecodedTotals Totals)
{
    /// <summary>All parts in one relation.</summary>
    public abstract Relation All { get; }
}
