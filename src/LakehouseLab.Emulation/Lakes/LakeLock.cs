using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The sole right to write to a lake: an open file that the operating system lets go of when the process ends, however it ends.</summary>
public sealed class LakeLock : IDisposable
{
    // What an open reports while another process holds the lock: EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private LakeLock(FileStream file) => _file = file;

    /// <summary>Lets go of the lake.</summary>
    public void Dispose() => _file.Dispose();

    internal static LakeLock Take(string location, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"cannot write to lake '{location}': {exception.Message} Choose a folder that you may write to", exception);
        }

        try
        {
            // FileShare.None is an exclusive flock on Unix and a share mode on Windows.
            return new LakeLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StorageException($"cannot write to lake '{location}': permission denied. Choose a folder that you may write to", exception);
        }
        catch (IOException exception) when (exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            throw new InvalidRequestException($"lake '{location}' is in use by another run: wait until it ends, or use another lake", exception);
        }
        catch (IOException exception)
        {
            throw new StorageException($"cannot write to lake '{location}': {exception.Message}. Choose a folder on a disk with room that you may write to", exception);
        }
    }
}
