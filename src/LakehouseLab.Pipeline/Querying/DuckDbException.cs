using LakehouseLab.Delta.Log;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>Whose fault a failure of the engine is.</summary>
internal enum DuckDbFailure
{
    /// <summary>The statement's.</summary>
    Statement,

    /// <summary>The statement's: it names what is not there.</summary>
    Catalog,

    /// <summary>A file's.</summary>
    File,

    /// <summary>The memory or disk that the query was given does not suffice.</summary>
    Resources,

    /// <summary>The user's, who interrupted it.</summary>
    Interrupted,
}

/// <summary>The engine refused or failed; its message begins with the kind of failure, such as <c>Binder Error: </c>.</summary>
/// <param name="message">The engine's message.</param>
internal sealed class DuckDbException(string message) : Exception(message)
{
    // How the engine's reader of Parquet files complains about what is in them.
    private static readonly string[] s_fileComplaints = ["IO Error", "No magic bytes", "parquet file", "Parquet file", "Snappy", "TProtocolException", "zstd", "ZSTD"];

    /// <summary>Whose fault it is.</summary>
    public DuckDbFailure Kind { get; } =
        message.StartsWith("INTERRUPT", StringComparison.OrdinalIgnoreCase) ? DuckDbFailure.Interrupted
        : message.StartsWith("Out of Memory", StringComparison.Ordinal) || message.Contains("max_temp_directory_size", StringComparison.Ordinal) ? DuckDbFailure.Resources
        : s_fileComplaints.Any(complaint => message.Contains(complaint, StringComparison.Ordinal)) ? DuckDbFailure.File
        : message.StartsWith("Catalog Error", StringComparison.Ordinal) ? DuckDbFailure.Catalog
        : DuckDbFailure.Statement;

    /// <summary>The message without the excerpt of the statement, in one line.</summary>
    public string Line { get; } = (message.IndexOf("\n\nLINE ", StringComparison.Ordinal) is var excerpt and >= 0 ? message[..excerpt] : message)
        .ReplaceLineEndings(" ").Trim();

    /// <summary>The failure in the project's terms.</summary>
    public Exception Explain() => Kind switch
    {
        DuckDbFailure.Interrupted => new OperationCanceledException(Line, this),
        DuckDbFailure.File => new DeltaException($"a data file cannot be read: {Line}. Restore the file from a copy, or read an older version", this),
        DuckDbFailure.Resources => new Emulation.Lakes.LakeException($"the query needs more memory or temporary disk than there is: {Line}", this),
        _ => new InvalidRequestException($"SQL: {Line}", this),
    };
}
