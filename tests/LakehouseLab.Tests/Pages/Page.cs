using System.Runtime.CompilerServices;

namespace LakehouseLab.Tests.Pages;

/// <summary>A page of the documentation as what its reader does, step by step. CONTRIBUTING.md tells how such pages are written.</summary>
/// <param name="Name">The page's path in the repository.</param>
/// <param name="Steps">The steps, in the page's order.</param>
internal sealed record Page(string Name, IReadOnlyList<PageStep> Steps)
{
    private const string Fence = "```";
    private const string CommandLanguage = "sh";
    private const string OutputLanguage = "text";

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = RepositoryRoot();

    /// <summary>Reads a page of the repository.</summary>
    /// <param name="name">Its path in the repository.</param>
    public static Page Read(string name) => Parse(name, File.ReadAllText(Path.Combine(Repository, name)));

    /// <summary>Finds the steps of a page.</summary>
    /// <exception cref="FormatException">A block says of itself what cannot be.</exception>
    public static Page Parse(string name, string text)
    {
        List<PageStep> steps = [];
        string[] lines = text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            if (!lines[index].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            int end = Array.IndexOf(lines, Fence, index + 1);
            if (end < 0)
            {
                throw new FormatException($"{name}:{index + 1}: the block has no end");
            }

            AddStep(steps, new Block(name, index + 1, lines[index][Fence.Length..], string.Concat(lines[(index + 1)..end].Select(static line => line + "\n"))), text);
            index = end;
        }

        return new Page(name, steps);
    }

    private static void AddStep(List<PageStep> steps, Block block, string page)
    {
        if (block.Mark("file") is { } file)
        {
            steps.Add(page.Contains($"`{file}`", StringComparison.Ordinal)
                ? new FileStep(block.Line, file, block.Text)
                : throw new FormatException($"{block.Place}: no sentence tells the reader that this is `{file}`"));
        }
        else if (block.Language == CommandLanguage)
        {
            int exitCode = int.Parse(block.Mark("exit") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            steps.Add(new CommandStep(block.Line, block.Text, exitCode, block.Mark("needs")?.Split(',') ?? [], null));
        }
        else if (block.Language == OutputLanguage)
        {
            steps[^1] = steps is [.., CommandStep { Shown: null } command]
                ? command with { Shown = new ShownOutput(block.Line + 1, block.Text) }
                : throw new FormatException($"{block.Place}: this output follows no command");
        }
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    private sealed record Block(string Page, int Line, string Info, string Text)
    {
        private readonly string[] _words = Info.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        public string Place => $"{Page}:{Line}";

        public string Language => _words.FirstOrDefault("");

        public string? Mark(string name) => _words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
    }
}
