using System.Globalization;

namespace LakehouseLab.Audit.Reports;

/// <summary>Findings as people read them.</summary>
internal static class FindingText
{
    /// <summary>A finding in one line, without its layer and table.</summary>
    public static string Of(Finding finding)
    {
        string subject = string.Join(" ", Subject(finding).OfType<string>());
        string facts = string.Join("; ", new[] { Values(finding), finding.Cause }.OfType<string>());
        string line = (subject, facts) switch
        {
            ("", _) => facts,
            (_, "") => subject,
            _ => $"{subject} ({facts})",
        };
        return $"{finding.Kind.ToString().ToLowerInvariant()}: {line}{(finding.Remedy is null ? "" : $". {Capitalized(finding.Remedy)}")}";
    }

    private static IEnumerable<string?> Subject(Finding finding)
    {
        yield return finding.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $"row {row}") : null;
        yield return finding.Key;
        yield return finding.Records > 1 ? string.Create(CultureInfo.InvariantCulture, $"{finding.Records:#,0} records") : null;
        bool isOfPlace = finding is { Row: null, Key: null, Records: <= 1 };
        yield return finding.Place is null ? null : isOfPlace ? finding.Place : $"at {finding.Place}";
    }

    private static string? Values(Finding finding)
    {
        string?[] values = [finding.Expected is null ? null : $"expected {finding.Expected}", finding.Found is null ? null : $"found {finding.Found}"];
        string both = string.Join(", ", values.OfType<string>());
        return finding.Column is null ? (both.Length == 0 ? null : both) : both.Length == 0 ? finding.Column : $"{finding.Column}: {both}";
    }

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
