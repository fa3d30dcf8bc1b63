using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// Copies of objects in a local folder, shared by the processes of a user and bounded in bytes: the ones not used for longest
/// go first. A copy is whole or not there. Who reads one holds it by an open, shared-locked file until the lease ends, so nobody
/// takes it away under a reader, and a copy that nobody reads costs no descriptor. File names are never used twice.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="bound">Bytes that are kept at most; more only while they are being read.</param>
/// <param name="clock">The clock.</param>
internal sealed class LocalCopies(string folder, long bound, TimeProvider clock)
{
    private readonly KeyedGates _gates = new();
    private readonly LocalCopyBound _bound = new(folder, bound);

    /// <summary>Name of the copies of one content.</summary>
    /// <param name="identity">All that tells the content from any other.</param>
    public static string NameOf(string identity) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 20));

    /// <summary>A local file with an object's bytes; only one thread of the process fetches what is not there.</summary>
    /// <param name="name">The content's name.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="lease">Holds the file.</param>
    /// <param name="fetch">Fetches it into a file of its own and gives the path.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<string> GetAsync(string name, long length, LocalLease lease, Func<Task<string>> fetch, CancellationToken cancellationToken)
    {
        using IDisposable passage = await _gates.EnterAsync(name, cancellationToken).ConfigureAwait(false);
        HeldCopy copy = Find(name, length) ?? Take(name, await fetch().ConfigureAwait(false), length);
        lease.Add(copy);
        return copy.Path;
    }

    /// <summary>Takes a file for a copy. It is moved.</summary>
    /// <param name="name">The content's name.</param>
    /// <param name="path">A whole file that nobody else knows.</param>
    /// <param name="length">Its bytes.</param>
    public void Adopt(string name, string path, long length) => Take(name, path, length).Dispose();

    private HeldCopy Take(string name, string path, long length)
    {
        string shard = ShardOf(name);
        Directory.CreateDirectory(shard);
        _bound.MakeRoom(length);
        FileStream hold = HeldCopy.Open(path);
        try
        {
            // The lock is the file's, not the name's: it stays through the move.
            string kept = Path.Combine(shard, $"{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{Path.GetExtension(path)}");
            File.Move(path, kept);
            return Use(kept, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private HeldCopy? Find(string name, long length)
    {
        string shard = ShardOf(name);
        return Directory.Exists(shard)
            ? Directory.EnumerateFiles(shard, name + "-*").Select(path => TryHold(path, length)).FirstOrDefault(static copy => copy is not null)
            : null;
    }

    // Found, locked and then still there: no eviction can have come between, and a new file would have another name.
    private HeldCopy? TryHold(string path, long length)
    {
        FileStream? hold = null;
        try
        {
            hold = HeldCopy.Open(path);
            if (hold.Length == length && File.Exists(path))
            {
                return Use(path, hold);
            }
        }
        catch (IOException)
        {
            // It is being evicted.
        }

        hold?.Dispose();
        return null;
    }

    private HeldCopy Use(string path, FileStream hold)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Only the order of eviction suffers.
        }

        return new HeldCopy(path, hold, _bound);
    }

    private string ShardOf(string name) => Path.Combine(folder, name[..2]);
}
