using LakehouseLab.Storage.Failures;
using ParquetSharp;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Says in one sentence why a Parquet file could not be read or written.</summary>
public static class ParquetFailure
{
    // How the native library words ENOSPC, and the system's errors that carry it.
    private const string NoSpace = "No space left on device";

    /// <summary>Whether an exception tells of a file or its disk, and not of a fault of this program.</summary>
    public static bool Is(Exception exception) => exception is ParquetException or IOException or UnauthorizedAccessException;

    /// <summary>The failure.</summary>
    /// <param name="what">What could not be done, such as <c>write bronze.transactions</c>.</param>
    /// <param name="exception">Why.</param>
    public static StorageException Describe(string what, Exception exception) => new(
        exception.Message.Contains(NoSpace, StringComparison.Ordinal)
            ? $"cannot {what}: the disk is full: free space and run the same command again"
            : $"cannot {what}: {ParquetMessage.Of(exception)}",
        exception);
}
