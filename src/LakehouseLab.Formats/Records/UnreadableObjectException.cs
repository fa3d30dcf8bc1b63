namespace LakehouseLab.Formats.Records;

/// <summary>An object of records is damaged, or holds what no table can: the message names the object and the remedy.</summary>
public sealed class UnreadableObjectException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line for the user.</param>
    public UnreadableObjectException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of something that failed below.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What failed.</param>
    public UnreadableObjectException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
