namespace LakehouseLab.Storage.S3;

/// <summary>A copy that is being read. While it is held no process evicts it.</summary>
/// <param name="path">Where it is.</param>
/// <param name="hold">The file, open and with a shared lock.</param>
/// <param name="bound">Is told when the copy may go.</param>
internal sealed class HeldCopy(string path, FileStream hold, LocalCopyBound bound) : IDisposable
{
    private readonly long _length = hold.Length;

    /// <summary>Where the copy is.</summary>
    public string Path => path;

    /// <summary>Opens a file so that nobody evicts it.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        hold.Dispose();
        bound.Release(_length);
    }
}
