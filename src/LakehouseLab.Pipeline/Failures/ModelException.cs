namespace LakehouseLab.Pipeline.Failures;

/// <summary>A model is wrong, or its run failed: the message names the model's file or table, what is wrong, and the remedy.</summary>
public class ModelException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line for the user.</param>
    public ModelException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception of something that failed below.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What failed.</param>
    public ModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
