namespace LakehouseLab.Storage.Objects;

/// <summary>A local file that becomes an object once it is whole. Disposing of it drops what was not published.</summary>
public abstract class StagedFile : IDisposable
{
    /// <summary>The path to write to; nothing is there yet.</summary>
    public abstract string Path { get; }

    /// <summary>Makes the file an object unless the key is taken.</summary>
    /// <returns>Whether it is this file's object; false when there was another already, which is left as it was.</returns>
    public abstract ValueTask<bool> TryPublishAsync(string key, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Drops what was not published.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);
}
