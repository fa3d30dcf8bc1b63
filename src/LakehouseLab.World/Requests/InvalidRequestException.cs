namespace LakehouseLab.World.Requests;

/// <summary>
/// The request is wrong, not the system: the message is one line that names the value given, what is allowed and the
/// remedy. The command line ends with exit code 2, the service answers with a problem of the 400 range.
/// </summary>
public class InvalidRequestException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line for the user.</param>
    public InvalidRequestException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of something that failed below.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What failed.</param>
    public InvalidRequestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
