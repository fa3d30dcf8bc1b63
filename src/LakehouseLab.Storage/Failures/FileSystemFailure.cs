namespace LakehouseLab.Storage.Failures;

/// <summary>Says why the file system refused, in one sentence with a remedy.</summary>
internal static class FileSystemFailure
{
    // errno ENOSPC of Linux and macOS; ERROR_DISK_FULL of Windows.
    private const int NoSpace = 28;
    private const int DiskFull = unchecked((int)0x80070070);

    public static StorageException Describe(string verb, string path, Exception exception)
    {
        string cause = exception switch
        {
            UnauthorizedAccessException => "permission denied: choose a place that you may write to, or change its permissions",
            FileNotFoundException or DirectoryNotFoundException => "there is no such file",
            _ when exception.HResult is NoSpace or DiskFull => "the disk is full: free space and run the same command again",
            _ => exception.Message,
        };
        return new StorageException($"cannot {verb} {path}: {cause}", exception)
        {
            IsNotFound = exception is FileNotFoundException or DirectoryNotFoundException,
        };
    }
}
