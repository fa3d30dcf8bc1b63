using LakehouseLab.Storage;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The sole right to write to a lake: an open file that the operating system lets go of when the process ends, however it ends.</summary>
public sealed class LakeLock : IDisposable
{
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
        catch (IOException exception)
        {
            throw new InvalidRequestException($"lake '{location}' is in use by another run: wait until it ends, or use another lake", exception);
        }
    }
}
