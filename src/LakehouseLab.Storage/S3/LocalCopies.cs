using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// Copies of objects in a local folder, shared by the processes of a user and bounded in bytes: the ones not used for longest
/// go first. A copy is whole or not there, and one that was handed out is held by an open, shared-locked file until the store
/// that asked for it is gone, so nobody takes it away under a reader. File names are never used twice.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="bound">Bytes that are kept at most beside those in use.</param>
/// <param name="clock">The clock.</param>
internal sealed class LocalCopies(string folder, long bound, TimeProvider clock)
{
    // A look over the folder costs milliseconds: it is taken anew after this share of the bound was added.
    private const int LooksPerBound = 16;

    private readonly ConcurrentDictionary<string, FileStream> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly Lock _eviction = new();
    private long _addedSinceLook = long.MaxValue / 2;

    /// <summary>Name of the copies of one content.</summary>
    /// <param name="identity">All that tells the content from any other.</param>
    public static string NameOf(string identity) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 20));

    /// <summary>A local file with an object's bytes; only one thread of the process fetches what is not there.</summary>
    /// <param name="name">The content's name.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="fetch">Fetches it into a file of its own and gives the path.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<string> GetAsync(string name, long length, Func<Task<string>> fetch, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = _gates.GetOrAdd(name, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Find(name, length) ?? Adopt(name, await fetch().ConfigureAwait(false), length);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes a file for a copy. It is moved.</summary>
    /// <param name="name">The content's name.</param>
    /// <param name="path">A whole file that nobody else knows.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Where it is now.</returns>
    public string Adopt(string name, string path, long length)
    {
        string shard = ShardOf(name);
        Directory.CreateDirectory(shard);
        MakeRoom(length);
        FileStream hold = Hold(path);
        try
        {
            // The lock is the file's, not the name's: it stays through the move.
            string kept = Path.Combine(shard, $"{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{Path.GetExtension(path)}");
            File.Move(path, kept);
            _held[kept] = hold;
            Touch(kept);
            return kept;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private string? Find(string name, long length)
    {
        string shard = ShardOf(name);
        if (!Directory.Exists(shard))
        {
            return null;
        }

        foreach (string path in Directory.EnumerateFiles(shard, name + "-*"))
        {
            if (_held.ContainsKey(path) ? File.Exists(path) : TryHold(path, length))
            {
                Touch(path);
                return path;
            }
        }

        return null;
    }

    // Found, locked and then still there: no eviction can have come between, and a new file would have another name.
    private bool TryHold(string path, long length)
    {
        FileStream? hold = null;
        try
        {
            hold = Hold(path);
            if (hold.Length == length && File.Exists(path))
            {
                _held[path] = hold;
                return true;
            }
        }
        catch (IOException)
        {
            // It is being evicted.
        }

        hold?.Dispose();
        return false;
    }

    private static FileStream Hold(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Only the order of eviction suffers.
        }
    }

    private void MakeRoom(long length)
    {
        lock (_eviction)
        {
            _addedSinceLook += length;
            if (_addedSinceLook < bound / LooksPerBound)
            {
                return;
            }

            _addedSinceLook = 0;
            List<FileInfo> copies = [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(static file => file.LastWriteTimeUtc)];
            long total = copies.Sum(static file => file.Length) + length;
            foreach (FileInfo copy in copies)
            {
                if (total <= bound)
                {
                    return;
                }

                total -= TryEvict(copy.FullName) ? copy.Length : 0;
            }
        }
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

    private string ShardOf(string name) => Path.Combine(folder, name[..2]);
}
