using LakehouseLab.Delta.Log;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>A data file that is in its table's folder and waits for its commit.</summary>
/// <param name="Add">The action that makes it part of the table.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Nulls">Nulls by column, as far as the file tells.</param>
internal sealed record WrittenFile(AddFile Add, long Rows, IReadOnlyDictionary<string, long> Nulls);
