using System.Text.Json;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Values;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What an audit found, for a person and for a program.</summary>
/// <param name="Report">What it found.</param>
/// <param name="Place">The lake.</param>
/// <param name="Time">How long it took.</param>
internal sealed record AuditRendering(AuditReport Report, string Place, TimeSpan Time)
{
    /// <summary>One line.</summary>
    public string Line => (Report.Tables.Count, Report.IsClean) switch
    {
        (0, _) => $"{Place} holds no records yet: there was nothing to audit",
        (_, true) => $"{Place} is as it should be: nothing was lost, doubled or altered ({Figures.Seconds(Time)})",
        _ => $"{Place} is not as it should be: {Report.Tables.Count(table => !table.IsClean)} of {Report.Tables.Count} were found wanting ({Figures.Seconds(Time)})",
    };

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
            string mark = !audit.IsClean ? "✗" : audit.IsThere ? "✓" : "·";
            table.Add(
                mark, LayerNames.NameOf(audit.Layer), audit.Name,
                audit.IsThere ? Figures.Count(audit.Counts.Expected) : "", audit.IsThere ? Figures.Count(audit.Counts.Found) : "", audit.Verdict);
        }

        table.Write(writer);
        foreach (TableAudit audit in Report.Tables.Where(audit => audit.Damages.Count + audit.Findings.Count + audit.Notes.Count > 0))
        {
            WriteDetails(writer, audit);
        }
    }

    /// <summary>One object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("lake", Place);
        writer.WriteBoolean("clean", Report.IsClean);
        writer.WriteNumber("seconds", Time.TotalSeconds);
        writer.WriteStartArray("tables");
        foreach (TableAudit audit in Report.Tables)
        {
            WriteJson(writer, audit);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteDetails(TextWriter writer, TableAudit audit)
    {
        writer.WriteLine();
        writer.WriteLine(audit.Name);
        foreach (string sentence in audit.Damages.Concat(audit.Notes))
        {
            writer.WriteLine($"  {sentence}");
        }

        foreach (IGrouping<FindingKind, Finding> kind in audit.Findings.GroupBy(finding => finding.Kind))
        {
            foreach (Finding finding in kind)
            {
                writer.WriteLine($"  {Word(kind.Key)}: {Describe(finding)}");
            }

            long more = CountOf(audit.Counts, kind.Key) - kind.Count();
            writer.Write(more > 0 ? $"  {Word(kind.Key)}: and {Figures.Count(more)} more\n" : "");
        }
    }

    private static string Describe(Finding finding)
    {
        string?[] parts = [finding.Row is { } row ? $"row {row}" : null, finding.Id, finding.Place is null ? null : $"at {finding.Place}"];
        string where = string.Join(" ", parts.Where(part => part is not null));
        return finding.Detail is null ? where : $"{where} ({finding.Detail})";
    }

    private static void WriteJson(Utf8JsonWriter writer, TableAudit audit)
    {
        writer.WriteStartObject();
        writer.WriteString("layer", LayerNames.NameOf(audit.Layer));
        writer.WriteString("table", audit.Name);
        writer.WriteBoolean("there", audit.IsThere);
        writer.WriteBoolean("clean", audit.IsClean);
        writer.WriteString("verdict", audit.Verdict);
        WriteCounts(writer, audit.Counts);
        writer.WriteStartArray("emulations");
        foreach (EmulationCounts emulation in audit.Emulations)
        {
            writer.WriteStartObject();
            writer.WriteString("emulation", emulation.Emulation);
            WriteCounts(writer, emulation.Counts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTexts(writer, "damages", audit.Damages);
        WriteTexts(writer, "notes", audit.Notes);
        writer.WriteStartArray("examples");
        foreach (Finding finding in audit.Findings)
        {
            WriteJson(writer, finding);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", Word(finding.Kind));
        if (finding.Row is { } row)
        {
            writer.WriteNumber("row", row);
        }
        else
        {
            writer.WriteNull("row");
        }

        writer.WriteString("id", finding.Id);
        writer.WriteString("place", finding.Place);
        writer.WriteString("detail", finding.Detail);
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, AuditCounts counts)
    {
        writer.WriteNumber("expected", counts.Expected);
        writer.WriteNumber("found", counts.Found);
        foreach (FindingKind kind in Enum.GetValues<FindingKind>())
        {
            writer.WriteNumber(Word(kind), CountOf(counts, kind));
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static long CountOf(AuditCounts counts, FindingKind kind) => kind switch
    {
        FindingKind.Missing => counts.Missing,
        FindingKind.Duplicated => counts.Duplicated,
        FindingKind.Altered => counts.Altered,
        _ => counts.Unexpected,
    };

    private static string Word(FindingKind kind) => kind.ToString().ToLowerInvariant();
}
