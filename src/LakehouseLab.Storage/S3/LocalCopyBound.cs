namespace LakehouseLab.Storage.S3;

/// <summary>Keeps a folder of copies within its bound. Thread-safe, among processes too.</summary>
/// <param name="folder">The folder.</param>
/// <param name="bound">Bytes that are kept at most; more only while they are being read.</param>
internal sealed class LocalCopyBound(string folder, long bound)
{
    // A look over the folder costs milliseconds: it is repeated after this share of the bound has come or may go.
    private const int LooksPerBound = 16;

    private readonly Lock _eviction = new();
    private long _addedSinceLook = long.MaxValue / 2;
    private long _releasedSinceLook;
    private long _excess;

    /// <summary>Evicts the copies not used for longest, as far as is needed for one more.</summary>
    public void MakeRoom(long length)
    {
        lock (_eviction)
        {
            _addedSinceLook += length;
            if (_addedSinceLook >= bound / LooksPerBound)
            {
                Evict(length);
            }
        }
    }

    /// <summary>Says that a copy is no longer read: it may have been kept beyond the bound only for that.</summary>
    public void Release(long length)
    {
        lock (_eviction)
        {
            _releasedSinceLook += length;
            if (_excess > 0 && _releasedSinceLook >= Math.Min(_excess, bound / LooksPerBound))
            {
                Evict(0);
            }
        }
    }

    // What is added until the next look has its room already.
    private void Evict(long coming)
    {
        _addedSinceLook = 0;
        _releasedSinceLook = 0;
        long most = bound - (bound / LooksPerBound);
        List<FileInfo> copies = Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(static file => file.LastWriteTimeUtc)]
            : [];
        long total = copies.Sum(static file => file.Exists ? file.Length : 0) + coming;
        foreach (FileInfo copy in copies)
        {
            if (total <= most)
            {
                break;
            }

            total -= TryEvict(copy.FullName) ? copy.Length : 0;
        }

        _excess = Math.Max(0, total - most);
    }

    private static bool TryEvict(string path)
    {
        try
        {
            // Refused while anybody holds it; whoever comes now finds it gone, or locked.
            using FileStream sole = new(path, FileMode.Open, FileAccess.Read, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
