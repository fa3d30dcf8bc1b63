using LakehouseLab.Pipeline.Engines;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Rows in a cached view that wait for their commit.</summary>
/// <param name="Write">What they are to do to their table.</param>
/// <param name="View">The view.</param>
/// <param name="Rows">How many there are, with those that had to be written again beside them.</param>
/// <param name="Values">Values by column that are not null.</param>
/// <param name="Place">The condition of the rows whose place they take; null for all rows, or where none is taken.</param>
internal sealed record StagedView(TableWrite Write, string View, long Rows, IReadOnlyDictionary<string, long> Values, string? Place) : StagedRows(Write, Rows)
{
    /// <inheritdoc/>
    public override bool ChangesTable => Rows > 0 || Write.Replaced switch
    {
        ReplacedRows.None => false,
        ReplacedRows.Partitions partitions => Write.Base.Files.Any(file => file.PartitionValues[Write.PartitionBy!] is { } value && partitions.Values.Contains(value)),
        _ => Write.Base.Files.Count > 0,
    };

    /// <inheritdoc/>
    public override long NullsOf(string column) => Rows - Values[column];
}
