namespace LakehouseLab.Server.Jobs;

/// <summary>The job database cannot be written to or read: the message says in one sentence why and what to do. What it was told last is not durable.</summary>
internal sealed class JobStoreException(string message, Exception innerException) : Exception(message, innerException);
