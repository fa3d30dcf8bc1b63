namespace LakehouseLab.Tests.Pages;

/// <summary>One thing that the reader of a page does.</summary>
/// <param name="Line">The line of the page where its block begins, from 1.</param>
internal abstract record PageStep(int Line);

/// <summary>The reader runs commands.</summary>
/// <param name="Line">The line of the page where its block begins, from 1.</param>
/// <param name="Commands">The commands, for bash.</param>
/// <param name="ExitCode">How the last of them ends; all before it end with 0.</param>
/// <param name="Needs">What they need beside the program, such as <c>kafka</c>.</param>
/// <param name="Shown">What the page shows of their output.</param>
internal sealed record CommandStep(int Line, string Commands, int ExitCode, IReadOnlyList<string> Needs, ShownOutput? Shown) : PageStep(Line);

/// <summary>The reader writes a file.</summary>
/// <param name="Line">The line of the page where its block begins, from 1.</param>
/// <param name="Path">Path of the file from the folder in which the reader is.</param>
/// <param name="Text">Its whole text.</param>
internal sealed record FileStep(int Line, string Path, string Text) : PageStep(Line);
