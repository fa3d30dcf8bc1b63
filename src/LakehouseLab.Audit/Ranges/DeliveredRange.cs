using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Ranges;

/// <summary>Consecutive rows that an emulation delivered: once it has ended all of its range, what its chunks hold until then.</summary>
/// <param name="Index">Its number among the domain's ranges, from 0.</param>
/// <param name="Manifest">The emulation.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="EndRow">The row after the last.</param>
/// <param name="Chunks">Its chunks in order, those that are gone among them.</param>
/// <param name="IsAudited">Whether its records are looked at.</param>
internal sealed record DeliveredRange(int Index, Manifest Manifest, long FirstRow, long EndRow, IReadOnlyList<ChunkInfo> Chunks, bool IsAudited)
{
    /// <summary>How many rows.</summary>
    public long Rows => EndRow - FirstRow;

    /// <summary>Where one of its chunks is, as a person reads it: below the lake, or elsewhere.</summary>
    public string PlaceOf(ChunkInfo chunk) => Manifest.Location is null ? chunk.Key : $"{Manifest.Location}/{chunk.Key}";
}
