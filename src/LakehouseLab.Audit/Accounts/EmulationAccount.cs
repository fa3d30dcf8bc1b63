using LakehouseLab.Emulation.Manifests;

namespace LakehouseLab.Audit.Accounts;

/// <summary>What a lake says of an emulation.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Chunks">Its chunks in order, as far as they follow each other; none when it delivers messages.</param>
internal sealed record EmulationAccount(Manifest Manifest, IReadOnlyList<ChunkInfo> Chunks);
