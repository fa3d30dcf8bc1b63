namespace LakehouseLab.Storage.Failures;

/// <summary>A text, or a variable of the environment, that should say where a store is does not: the message tells what is allowed.</summary>
/// <param name="message">One line for the user.</param>
public sealed class StorageLocationException(string message) : Exception(message);
