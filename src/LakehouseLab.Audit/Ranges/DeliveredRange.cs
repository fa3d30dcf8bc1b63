using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Ranges;

/// <summary>The rows that an emulation delivered: all of its range once it is complete, what its chunks hold until then.</summary>
/// <param name="Index">Its number among the domain's ranges, from 0.</param>
/// <param name="Manifest">The emulation.</param>
/// <param name="Chunks">Its chunks in order, those that lie there no more among them.</param>
/// <param name="IsAudited">Whether its records are looked at.</param>
internal sealed record DeliveredRange(int Index, Manifest Manifest, IReadOnlyList<ChunkInfo> Chunks, bool IsAudited)
{
    /// <summary>First row.</summary>
    public long FirstRow => Manifest.FirstRow;

    /// <summary>The row after the last.</summary>
    public long EndRow { get; } = Manifest.State == EmulationState.Completed || Chunks.Count == 0
        ? Manifest.FirstRow + (Manifest.State == EmulationState.Completed ? Manifest.Rows : 0)
        : Chunks[^1].EndRow;

    /// <summary>How many rows.</summary>
    public long Rows => EndRow - FirstRow;
}
