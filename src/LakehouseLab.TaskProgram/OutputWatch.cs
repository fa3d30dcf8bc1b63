using System.Runtime.InteropServices;

namespace LakehouseLab.TaskProgram;

/// <summary>
/// Notices when nobody reads standard output any more: the engine's process was killed, and its task runs again elsewhere. The system
/// says so of a pipe whatever stands between the two, such as a shell that goes on waiting.
/// </summary>
internal static partial class OutputWatch
{
    private const int StandardOutput = 1;
    private const int Interrupted = 4;

    /// <summary>Begins to watch, as long as the process lives. Windows does not tell.</summary>
    /// <param name="ended">Called when nobody reads any more.</param>
    public static void Begin(Action ended)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Thread watch = new(() =>
        {
            // Without an event to wait for, poll(2) returns when the pipe's other end is closed.
            PolledDescriptor output = new() { Descriptor = StandardOutput };
            while (Poll(ref output, 1, timeout: -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    return;
                }
            }

            ended();
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PolledDescriptor descriptors, nuint count, int timeout);

    private struct PolledDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
