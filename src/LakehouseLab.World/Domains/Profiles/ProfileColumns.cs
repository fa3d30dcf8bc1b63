using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>The columns of a batch of profiles, looked up once for a block.</summary>
/// <param name="batch">A batch of the domain.</param>
public readonly struct ProfileColumns(RecordBatch batch)
{
    /// <summary>user_id.</summary>
    public long[] Users { get; } = ((Int64Column)batch.Columns[0]).Values;
}
