using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.Files;

/// <summary>A lock among the processes of a machine: a file that one of them holds open alone, or several with a share each. The operating
/// system closes it when the process ends, however it ends.</summary>
internal static class LocalLock
{
    // What an open reports while another process holds the lock: EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Takes a lock.</summary>
    /// <param name="path">The file, which is made with its folder if it is not there.</param>
    /// <param name="place">The folder as the user knows it, for messages.</param>
    /// <returns>The lock, held until it is disposed of; null when it is held already.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public static IDisposable? TryTake(string path, string place) => TryOpen(path, place, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes a share of a lock.</summary>
    /// <param name="path">The file, which is made with its folder if it is not there.</param>
    /// <param name="place">The folder as the user knows it, for messages.</param>
    /// <returns>The share, held until it is disposed of; null when the lock itself is held.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public static IDisposable? TryShare(string path, string place) => TryOpen(path, place, FileAccess.Read, FileShare.Read);

    /// <summary>Deletes the files of locks that nobody holds.</summary>
    /// <param name="folder">The folder that they are in.</param>
    /// <param name="place">The folder as the user knows it, for messages.</param>
    /// <exception cref="StorageException">They cannot be deleted.</exception>
    public static void DeleteAll(string folder, string place)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // No lock was taken yet.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFailure.Describe("clean", $"'{place}'", exception);
        }
    }

    private static FileStream? TryOpen(string path, string place, FileAccess access, FileShare share)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);

            // On Unix FileShare.None is an exclusive flock and everything else a shared one; on Windows both are share modes.
            return new FileStream(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException exception) when (exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFailure.Describe("write to", $"'{place}'", exception);
        }
    }
}
