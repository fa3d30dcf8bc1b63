namespace LakehouseLab.Cli.Shell;

/// <summary>A command was interrupted that does not go on by being repeated: the message says what does.</summary>
internal sealed class InterruptedException(string message, Exception innerException) : OperationCanceledException(message, innerException);
