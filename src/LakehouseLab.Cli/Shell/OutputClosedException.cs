namespace LakehouseLab.Cli.Shell;

/// <summary>The reader of standard output has gone, as <c>head</c> does once it has enough: there is nobody left to work for.</summary>
internal sealed class OutputClosedException() : IOException("the reader of standard output has gone");
