using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Values;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What an audit found, for a person.</summary>
/// <param name="Report">What it found.</param>
internal sealed record AuditRendering(AuditReport Report)
{
    /// <summary>One line.</summary>
    public string Line => Report switch
    {
        { Tables.Count: 0 } => $"{Report.Lake} holds no records yet: there was nothing to audit",
        { IsClean: true } => $"{Report.Lake} is as it should be: {Headline} ({Time})",
        _ => $"{Report.Lake} is not as it should be: {Report.Tables.Count(table => !table.IsClean)} of {Report.Tables.Count} have findings{Aside} ({Time})",
    };

    /// <summary>What a clean audit says of the lake.</summary>
    public string Headline => $"nothing was lost, doubled or altered{Aside}";

    // What was not looked at, or not there yet, belongs into every headline.
    private string Aside => string.Concat(Report.Verdicts.Select(verdict => verdict switch
    {
        Verdict.Behind => "; some tables are behind",
        Verdict.Sampled => "; some values were only sampled",
        Verdict.NotAudited => "; some tables were not audited",
        Verdict.Foreign => "; some records are foreign",
        Verdict.Replayed => "; some records were repaired",
        _ => "",
    }));

    private string Time => Figures.Seconds(TimeSpan.FromSeconds(Report.Seconds));

    /// <summary>A table, then what is wrong in more words.</summary>
    public void WriteText(TextWriter writer)
    {
        if (Report.Tables.Count == 0)
        {
            return;
        }

        TextTable table = new("", "layer", "table", ">expected", ">found", "verdict");
        foreach (TableAudit audit in Report.Tables)
        {
            table.Add(
                MarkOf(audit), LayerNames.NameOf(audit.Layer), audit.Name,
                IsCounted(audit) ? Figures.Count(audit.Counts.Expected) : "", IsCounted(audit) ? Figures.Count(audit.Counts.Found) : "", audit.Verdict);
        }

        table.Write(writer);
        foreach (TableAudit audit in Report.Tables.Where(audit => audit.Findings.Count + audit.Notes.Count > 0 || audit.NotAudited is not null))
        {
            WriteDetails(writer, audit);
        }

        foreach (string remedy in Report.Tables.Select(audit => audit.Behind?.Remedy).OfType<string>().Distinct())
        {
            writer.WriteLine($"\nTo catch up: {remedy}");
        }
    }

    /// <summary>A table's or a layer's mark.</summary>
    public static string MarkOf(params IEnumerable<TableAudit> audits) =>
        audits.Any(audit => !audit.IsClean) ? "✗" : audits.Any(IsCounted) ? "✓" : "·";

    private static bool IsCounted(TableAudit audit) => audit.IsThere && audit.NotAudited is null;

    private static void WriteDetails(TextWriter writer, TableAudit audit)
    {
        writer.WriteLine();
        writer.WriteLine(audit.Name);
        foreach (IGrouping<FindingKind, Finding> kind in audit.Findings.GroupBy(finding => finding.Kind))
        {
            foreach (Finding finding in kind)
            {
                writer.WriteLine($"  {finding.Text}");
            }

            long more = audit.MoreOf(kind.Key);
            writer.Write(more > 0 ? $"  {kind.Key.ToString().ToLowerInvariant()}: and {Figures.Count(more)} more\n" : "");
        }

        foreach (string sentence in audit.NotAudited is null ? audit.Notes : audit.Notes.Prepend($"not audited: {audit.NotAudited}"))
        {
            writer.WriteLine($"  {sentence}");
        }
    }
}
