namespace LakehouseLab.Storage;

/// <summary>A store failed: the message says in one sentence which object, why, and what to do.</summary>
public sealed class StorageException(string message, Exception innerException) : Exception(message, innerException);
