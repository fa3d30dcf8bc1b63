using System.Runtime.InteropServices;

namespace LakehouseLab.Storage.Files;

/// <summary>Flushes to the disk itself.</summary>
internal sealed partial class DiskFlush : IDiskFlush
{
    private const int ReadOnly = 0;

    private DiskFlush()
    {
    }

    /// <summary>The one.</summary>
    public static DiskFlush Instance { get; } = new();

    /// <inheritdoc/>
    public void FlushFile(FileStream file) => file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    /// <remarks>On Windows, where a folder's entries are journalled, nothing is to be done.</remarks>
    public void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (Synchronize(handle) != 0)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string folder) =>
        new($"flushing {folder}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
