using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The sole right to write to a part of a lake: an open file for each part that the operating system lets go of when the process ends, however it ends.</summary>
public sealed class LakeLock : IDisposable
{
    // What an open reports while another process holds the lock: EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly List<FileStream> _files = [];

    private LakeLock()
    {
    }

    /// <summary>Lets go of the lake.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    /// <summary>Takes parts of a lake.</summary>
    /// <param name="location">The lake, for messages.</param>
    /// <param name="path">The file of the part <see cref="LakePart.Records"/>, beside which that of the tables lies.</param>
    /// <param name="part">The parts.</param>
    internal static LakeLock Take(string location, string path, LakePart part)
    {
        LakeLock held = new();
        try
        {
            foreach ((LakePart one, string suffix) in ((LakePart, string)[])[(LakePart.Records, ""), (LakePart.Tables, "-tables")])
            {
                if (part.HasFlag(one))
                {
                    held._files.Add(Open(location, path + suffix));
                }
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes parts of a lake, or null when another process has one of them.</summary>
    internal static LakeLock? TryTake(string location, string path, LakePart part)
    {
        try
        {
            return Take(location, path, part);
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    private static FileStream Open(string location, string path)
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
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
