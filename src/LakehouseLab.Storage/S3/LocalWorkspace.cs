using System.Collections.Concurrent;
using System.Security.Cryptography;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.S3;

/// <summary>
/// A process's folder for files on their way. An open lock file beside it shows that the process lives; what killed ones left is
/// deleted by the next.
/// </summary>
internal sealed class LocalWorkspace
{
    private const string LockExtension = ".lock";

    private static readonly ConcurrentDictionary<string, Lazy<LocalWorkspace>> s_open = new(StringComparer.Ordinal);

    private readonly string _folder;

    // Held open as long as the process lives.
    private readonly FileStream _lock;

    private LocalWorkspace(string folder, FileStream @lock)
    {
        _folder = folder;
        _lock = @lock;
    }

    /// <summary>The process's folder below a root, made when it is first asked for.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public static LocalWorkspace Below(string root)
    {
        try
        {
            return s_open.GetOrAdd(Path.GetFullPath(root), static full => new Lazy<LocalWorkspace>(() => Open(full))).Value;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            s_open.TryRemove(Path.GetFullPath(root), out _);
            throw FileSystemFailure.Describe("write", root, exception);
        }
    }

    /// <summary>A new path; nothing is there.</summary>
    public string NewPath(string extension)
    {
        // The folder may have been cleaned away by hand, with everything else in a cache.
        Directory.CreateDirectory(_folder);
        return Path.Combine(_folder, Path.GetRandomFileName() + extension);
    }

    private static LocalWorkspace Open(string root)
    {
        Directory.CreateDirectory(root);
        Sweep(root);
        while (true)
        {
            string folder = Path.Combine(root, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
            FileStream? held = TryHold(folder + LockExtension, FileMode.CreateNew);
            if (held is not null && File.Exists(folder + LockExtension))
            {
                Directory.CreateDirectory(folder);
                return new LocalWorkspace(folder, held);
            }

            // Another process swept it away between its making and its locking.
            held?.Dispose();
        }
    }

    private static void Sweep(string root)
    {
        foreach (string path in Directory.EnumerateFiles(root, "*" + LockExtension))
        {
            using FileStream? abandoned = TryHold(path, FileMode.Open);
            if (abandoned is not null)
            {
                Delete(path);
            }
        }
    }

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path[..^LockExtension.Length], recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was not made yet, or another sweeps.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Kept, with its lock file, for a later sweep: a file of it cannot be deleted now.
            return;
        }

        File.Delete(path);
    }

    private static FileStream? TryHold(string path, FileMode mode)
    {
        try
        {
            // FileShare.None is an exclusive lock on Unix too; Delete lets Windows remove the file meanwhile.
            return new FileStream(path, mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && mode == FileMode.Open)
        {
            return null;
        }
    }
}
