using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>What a range of commits did to a table's rows.</summary>
/// <param name="Added">The files whose rows came in, in the order of their commits. They may have been removed or rewritten
/// since; until vacuum deletes them they can be read.</param>
/// <param name="RowsRemoved">Whether rows left the table, so that <paramref name="Added"/> does not tell the whole difference.</param>
/// <param name="MetadataChanged">Whether schema or properties were changed after the table's creation.</param>
public sealed record TableChanges(IReadOnlyList<AddFile> Added, bool RowsRemoved, bool MetadataChanged);
