using System.Text.RegularExpressions;

namespace LakehouseLab.Tests.Pages;

/// <summary>
/// Output as a page shows it. <c>…</c> stands for any text within a line, and alone in a line for any lines; times (<c>1.33 s</c>, <c>2 min 5 s</c>, the column
/// <c>seconds</c>) and speeds (<c>5 rows/s</c>) stand for any; blanks count as one, empty lines as none. All else is meant literally.
/// </summary>
/// <param name="Line">The line of the page where it begins, from 1.</param>
/// <param name="Text">What is shown.</param>
internal sealed partial record ShownOutput(int Line, string Text)
{
    private const string Anything = "…";
    private const string Figure = @"[0-9][0-9,.]*";
    private const string Minutes = "(?:[0-9]+ min )?";

    /// <summary>Compares with what was written.</summary>
    /// <returns>The first line that differs, as a sentence; null when all is as shown.</returns>
    public string? DifferenceFrom(string written)
    {
        (int Line, Regex? Pattern)[] shown = [.. Patterns()];
        string[] lines = [.. written.Split('\n').Select(Trimmed).Where(static line => line.Length > 0)];
        int farthest = 0;
        if (Follows(shown, 0, lines, 0, ref farthest))
        {
            return null;
        }

        return farthest < shown.Length
            ? $"line {shown[farthest].Line} is not what was written: {Text.Split('\n')[shown[farthest].Line - Line].Trim()}"
            : $"more was written than is shown up to line {shown[^1].Line}";
    }

    private static bool Follows((int Line, Regex? Pattern)[] shown, int at, string[] lines, int line, ref int farthest)
    {
        farthest = Math.Max(farthest, at);
        if (at == shown.Length)
        {
            return line == lines.Length;
        }

        if (line == lines.Length)
        {
            return false;
        }

        return shown[at].Pattern is { } pattern
            ? pattern.IsMatch(lines[line]) && Follows(shown, at + 1, lines, line + 1, ref farthest)
            : Follows(shown, at + 1, lines, line + 1, ref farthest) || Follows(shown, at, lines, line + 1, ref farthest);
    }

    private IEnumerable<(int Line, Regex? Pattern)> Patterns()
    {
        bool endsWithSeconds = false;
        foreach ((int index, string line) in Text.Split('\n').Select(Trimmed).Index())
        {
            if (line.Length == 0)
            {
                endsWithSeconds = false;
                continue;
            }

            yield return (Line + index, line == Anything ? null : PatternOf(line, endsWithSeconds));
            endsWithSeconds |= line.EndsWith(" seconds", StringComparison.Ordinal);
        }
    }

    private static Regex PatternOf(string line, bool endsWithSeconds)
    {
        string pattern = Regex.Escape(line).Replace(Anything, ".+?", StringComparison.Ordinal);
        pattern = Measured().Replace(pattern, match => Minutes + Figure + match.Groups["unit"].Value);
        return new Regex($"^{(endsWithSeconds ? Seconds().Replace(pattern, Figure) : pattern)}$", RegexOptions.CultureInvariant);
    }

    private static string Trimmed(string line) => Blanks().Replace(line, " ").Trim();

    // Behind Regex.Escape, which escapes blanks and points.
    [GeneratedRegex(@"(?:[0-9]+\\ min\\ )?[0-9](?:[0-9,]|\\\.)*(?<unit>\\ (?:s|ms|rows/s|[kMG]?B/s)\b)")]
    private static partial Regex Measured();

    [GeneratedRegex(@"[0-9]+\\\.[0-9]+$")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
