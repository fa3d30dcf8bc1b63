using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>A version of a lake's table.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Table">The table.</param>
/// <param name="Snapshot">The version.</param>
internal sealed record TableVersion(TableName Name, DeltaTable Table, Snapshot Snapshot)
{
    /// <summary>Its data files.</summary>
    public IReadOnlyList<AddFile> Files => Snapshot.Files;

    /// <summary>The last batch of a flow that is in it; -1 for none.</summary>
    public long LastBatchOf(string flow) => Snapshot.TransactionVersion(flow) ?? -1;
}
