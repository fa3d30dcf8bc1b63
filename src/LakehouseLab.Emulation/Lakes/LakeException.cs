namespace LakehouseLab.Emulation.Lakes;

/// <summary>A lake's own files are damaged or missing: the message names the file and the remedy.</summary>
public class LakeException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line for the user.</param>
    public LakeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of something that failed below.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What failed.</param>
    public LakeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
