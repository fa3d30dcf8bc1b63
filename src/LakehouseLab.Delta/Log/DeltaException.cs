namespace LakehouseLab.Delta.Log;

/// <summary>A table cannot be read or written: the message names the file or feature, and the remedy.</summary>
public sealed class DeltaException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line for the user.</param>
    public DeltaException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of something that failed below.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What failed.</param>
    public DeltaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether a commit that is asked for is not in the log any more, so that its changes are not to be had, though the table may be read.</summary>
    public bool IsCommitMissing { get; init; }
}
