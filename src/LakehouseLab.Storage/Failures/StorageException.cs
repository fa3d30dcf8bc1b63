namespace LakehouseLab.Storage.Failures;

/// <summary>A store failed: the message says in one sentence which object, why, and what to do.</summary>
public sealed class StorageException(string message, Exception innerException) : Exception(message, innerException)
{
    /// <summary>Whether the store could not be reached, did not answer or was overloaded: the same operation may succeed later.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Whether the object is not there.</summary>
    public bool IsNotFound { get; init; }
}
