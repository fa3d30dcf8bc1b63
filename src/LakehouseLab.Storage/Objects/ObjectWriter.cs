namespace LakehouseLab.Storage.Objects;

/// <summary>An object on its way into a store: invisible until completed, gone when disposed of before.</summary>
public abstract class ObjectWriter : IAsyncDisposable
{
    /// <summary>Appends bytes.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes the object visible unless its key was taken meanwhile.</summary>
    /// <returns>Whether it is this writer's object; false when there was another already, which is left as it was.</returns>
    public abstract ValueTask<bool> TryCompleteAsync(CancellationToken cancellationToken);

    /// <summary>Drops what was not completed.</summary>
    public abstract ValueTask DisposeAsync();
}
