using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Emulation.Sinks.Chunks;

/// <summary>Another process wrote a chunk first, so it delivers the same emulation.</summary>
/// <param name="message">One line for the user.</param>
internal sealed class ChunkTakenException(string message) : LakeException(message);
