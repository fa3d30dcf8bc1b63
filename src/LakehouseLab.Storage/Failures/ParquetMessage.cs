namespace LakehouseLab.Storage.Failures;

/// <summary>What went wrong with a Parquet file, in the words of the native library without its C++ around them.</summary>
public static class ParquetMessage
{
    private const string Begin = "(message: '";
    private const string End = "')";

    /// <summary>The words of an exception, on one line.</summary>
    public static string Of(Exception exception)
    {
        string message = exception.Message.ReplaceLineEndings(" ");
        int begin = message.IndexOf(Begin, StringComparison.Ordinal);
        int end = message.LastIndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin ? message[(begin + Begin.Length)..end] : message;
    }
}
