namespace LakehouseLab.Cli.Shell;

/// <summary>All that a command sees of the process around it, so that tests can put their own in its place.</summary>
internal sealed class Surroundings
{
    /// <summary>Set to anything, it makes failures tell their whole story.</summary>
    public const string DebugVariable = "LAKELAB_DEBUG";

    /// <summary>Where data goes, as bytes.</summary>
    public required Stream Output { get; init; }

    /// <summary>Where data goes, as text: a writer over <see cref="Output"/>, flushed before each remark and when the command has succeeded.</summary>
    public required TextWriter Text
    {
        get;
        init
        {
            field = PrintableWriter.Over(value);
            ExactText = value;
        }
    }

    /// <summary>The same without control characters being shown as escapes: for formats that programs read.</summary>
    public TextWriter ExactText { get; private init; } = TextWriter.Null;

    /// <summary>Whether a person watches <see cref="Output"/>.</summary>
    public bool OutputIsWatched { get; init; }

    /// <summary>Where a command reads what it is given beside files.</summary>
    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Where progress, remarks and errors go.</summary>
    public required TextWriter Words
    {
        get;
        init
        {
            field = PrintableWriter.Over(value);
            Terminal = value;
        }
    }

    /// <summary>Where <see cref="Words"/> go, for what moves the cursor itself.</summary>
    public TextWriter Terminal { get; private init; } = TextWriter.Null;

    /// <summary>Whether a person watches <see cref="Words"/>, so that progress may move.</summary>
    public bool WordsAreWatched { get; init; }

    /// <summary>Columns of the terminal, or of text for a file.</summary>
    public int Width { get; init; } = 100;

    /// <summary>How the program is called here, for commands to copy.</summary>
    public string Program { get; init; } = "lakelab";

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The working folder.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
