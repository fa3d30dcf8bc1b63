using LakehouseLab.Delta.Log;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Data files that wait for their commit.</summary>
/// <param name="Write">What they are to do to their table.</param>
/// <param name="Removed">The files whose place they take.</param>
/// <param name="Written">The files.</param>
internal sealed record StagedFiles(TableWrite Write, IReadOnlyList<AddFile> Removed, IReadOnlyList<WrittenFile> Written) : StagedRows(Write, Written.Sum(file => file.Rows))
{
    /// <summary>Whether the hashes of their keys are kept beside them.</summary>
    public bool AreIndexed { get; init; }

    /// <inheritdoc/>
    public override bool ChangesTable => Removed.Count > 0 || Written.Count > 0;

    /// <inheritdoc/>
    public override long NullsOf(string column) => Written.Sum(file => NullsOf(file, column));

    // A partition column stands in the log, not in the file.
    private static long NullsOf(WrittenFile file, string column) =>
        file.Add.PartitionValues.TryGetValue(column, out string? value) ? (value is null ? file.Rows : 0) : file.Nulls.GetValueOrDefault(column);
}
