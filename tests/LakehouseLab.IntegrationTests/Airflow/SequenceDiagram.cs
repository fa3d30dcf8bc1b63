using System.Text.RegularExpressions;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The calls between processes that a sequence diagram in Mermaid shows, and which of them come before others.</summary>
internal sealed partial class SequenceDiagram
{
    private readonly List<string> _calls = [];
    private readonly List<(string Before, string After)> _order = [];

    private SequenceDiagram()
    {
    }

    /// <summary>The calls, without those between parts of one process.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Reads the diagram of a page.</summary>
    /// <param name="page">The page, which has one.</param>
    /// <param name="inner">Parts of one process, of whose calls among each other nothing is seen from outside.</param>
    public static SequenceDiagram Parse(string page, params string[] inner)
    {
        SequenceDiagram diagram = new();
        Match block = Block().Match(page);
        Assert.True(block.Success, "the page has no sequence diagram");
        List<string> before = [];
        List<string>? fork = null;
        List<string> joined = [];
        foreach (string line in block.Groups[1].Value.Split('\n').Select(static line => line.Trim()))
        {
            if (line == "par" || line.StartsWith("par ", StringComparison.Ordinal))
            {
                (fork, joined) = (before, []);
            }
            else if (line == "and" || line.StartsWith("and ", StringComparison.Ordinal))
            {
                joined.AddRange(before);
                before = fork!;
            }
            else if (line == "end" && fork is not null)
            {
                before = [.. joined, .. before];
                fork = null;
            }
            else if (Arrow().Match(line) is { Success: true } arrow && !(inner.Contains(arrow.Groups[1].Value) && inner.Contains(arrow.Groups[2].Value)))
            {
                string call = $"{arrow.Groups[1].Value}->>{arrow.Groups[2].Value}: {arrow.Groups[3].Value}";
                if (diagram._calls.Contains(call))
                {
                    // Only the first of its kind is held against what was seen.
                    continue;
                }

                diagram._calls.Add(call);
                diagram._order.AddRange(before.Select(earlier => (earlier, call)));
                before = [call];
            }
        }

        return diagram;
    }

    /// <summary>What is otherwise than the diagram shows it: calls that were not seen, or seen too early.</summary>
    /// <param name="seen">The different calls, in the order in which they were first seen.</param>
    public IEnumerable<string> Contradictions(IReadOnlyList<string> seen)
    {
        List<string> calls = [.. seen];
        return
        [
            .. _calls.Where(call => !calls.Contains(call)).Select(static call => $"'{call}' was not seen"),
            .. _order.Where(pair => calls.Contains(pair.Before) && calls.Contains(pair.After) && calls.IndexOf(pair.After) < calls.IndexOf(pair.Before))
                .Select(static pair => $"'{pair.After}' was seen before '{pair.Before}'"),
        ];
    }

    [GeneratedRegex(@"```mermaid\nsequenceDiagram\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(\w+)-?->>(\w+): (.+)$")]
    private static partial Regex Arrow();
}
