using LakehouseLab.Audit.Records;

namespace LakehouseLab.Audit.Raw;

/// <summary>Compares one chunk with its rows, which come in order. Not thread-safe.</summary>
internal abstract class ChunkComparison : IAsyncDisposable
{
    /// <summary>Whether the chunk is not what it should be.</summary>
    public bool Differs { get; protected set; }

    /// <summary>Why the chunk cannot be read to its end; null when it can.</summary>
    public string? Damage { get; protected set; }

    /// <summary>Compares the next rows.</summary>
    public abstract void Compare(ExpectedBlock block, int first, int count);

    /// <summary>Ends the comparison: the chunk must end too.</summary>
    /// <returns>The checksum of its bytes, as manifests have it.</returns>
    public abstract ValueTask<string> EndAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
