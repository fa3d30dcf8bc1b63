using System.Runtime.InteropServices;

namespace LakehouseLab.Storage.Files;

/// <summary>
/// Moves a file to a path that must be free, so that of several at once exactly one succeeds. <see cref="File.Move(string, string)"/>
/// does not do: on Unix it looks first and then renames, and two that looked at once overwrite each other.
/// </summary>
internal static partial class ExclusiveMove
{
    // errno EEXIST of Linux and macOS.
    private const int Exists = 17;

    /// <summary>Moves a file within a file system.</summary>
    /// <returns>Whether it was moved; false when something was at the path.</returns>
    /// <exception cref="IOException">It could not be moved.</exception>
    public static bool TryMove(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMoveOnWindows(from, to);
        }

        if (Link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Exists
            ? false
            : throw new IOException($"linking the file to its name: {Marshal.GetPInvokeErrorMessage(error)} (the file system must have hard links)", error);
    }

    private static bool TryMoveOnWindows(string from, string to)
    {
        try
        {
            File.Move(from, to);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
