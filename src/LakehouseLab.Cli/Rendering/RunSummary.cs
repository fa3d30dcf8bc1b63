using System.Globalization;
using System.Text.Json;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What was made of a domain, and how long it took.</summary>
/// <param name="Result">What was made.</param>
/// <param name="Time">How long it took.</param>
internal sealed record TimedGrowth(DomainGrowthResult Result, TimeSpan Time);

/// <summary>What a run from the world to the proof did, for a person and for a program.</summary>
/// <param name="Place">The lake.</param>
/// <param name="World">The world's settings.</param>
/// <param name="Made">What was made, by domain.</param>
/// <param name="Pipeline">What the pipeline did.</param>
/// <param name="Audit">What the audit found.</param>
/// <param name="Time">How long all of it took.</param>
internal sealed record RunSummary(
    string Place, WorldSettings World, IReadOnlyList<TimedGrowth> Made, PipelineReport Pipeline, AuditReport Audit, TimeSpan Time)
{
    private DomainGrowthResult Measured => Made.First(domain => domain.Result.Plan.Domain == Domain.Measure).Result;

    private bool MadeNothing => Made.All(domain => domain.Result.MadeRows == 0);

    /// <summary>Writes the summary.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="program">How the program is called here.</param>
    public void WriteText(TextWriter writer, string program)
    {
        writer.WriteLine($"{Figures.Count(Measured.Plan.Range.EndRow)} transactions of {Figures.Count(World.Users)} people, with their devices and profiles, in {Place}");
        writer.WriteLine(MadeNothing ? "All of it was there already: nothing was made." : "");
        WriteMade(writer);
        WriteFrauds(writer);
        writer.WriteLine($"Pipeline, {Figures.Seconds(TimeSpan.FromSeconds(Pipeline.Seconds))}");
        PipelineReportView.Write(Pipeline, writer, "  ");
        writer.WriteLine();
        WriteAudit(writer);
        writer.WriteLine($"Raw records are in {Path.Combine(Place, "raw")}, Delta tables in {Path.Combine(Place, "bronze")}, {Path.Combine(Place, "silver")} and {Path.Combine(Place, "gold")}.");
        writer.WriteLine($"All of it took {Figures.Seconds(Time)}. Try next:");
        string lake = Place == "./lake" ? "" : $" --lake {Place}";
        writer.WriteLine($"  {program} query{lake} \"SELECT merchant, sum(amount) AS sold FROM gold.merchant_performance WHERE currency = 'USD' GROUP BY merchant ORDER BY sold DESC LIMIT 5\"");
        writer.WriteLine($"  {program} tables{lake}");
        writer.WriteLine($"  {program} run{lake} --rows {Figures.Count(2 * Measured.Plan.Range.EndRow).Replace(',', '_')}");
    }

    /// <summary>Writes one object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("lake", Place);
        writer.WriteNumber("seconds", Time.TotalSeconds);
        writer.WriteStartArray("emulated");
        foreach ((DomainGrowthResult result, TimeSpan time) in Made)
        {
            writer.WriteStartObject();
            writer.WriteString("domain", result.Plan.Domain.Name);
            writer.WriteStartArray("emulations");
            foreach (EmulationResult emulation in result.Emulations)
            {
                writer.WriteStringValue(emulation.Emulation);
            }

            writer.WriteEndArray();
            writer.WriteNumber("first_row", result.Plan.Range.FirstRow);
            writer.WriteNumber("rows", result.Plan.Range.Rows);
            writer.WriteNumber("made_rows", result.MadeRows);
            writer.WriteNumber("made_bytes", result.MadeBytes);
            writer.WriteNumber("seconds", time.TotalSeconds);
            writer.WriteStartObject("frauds");
            foreach ((FraudRule rule, long rows) in result.FraudsByRule)
            {
                writer.WriteNumber(FraudNames.Of(rule), rows);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("pipeline");
        JsonSerializer.Serialize(writer, Pipeline, RunDocuments.Default.PipelineReport);
        writer.WritePropertyName("audit");
        JsonSerializer.Serialize(writer, Audit, AuditDocuments.Default.AuditReport);
        writer.WriteEndObject();
    }

    private void WriteMade(TextWriter writer)
    {
        writer.WriteLine($"Emulated, {Figures.Seconds(TimeSpan.FromTicks(Made.Sum(domain => domain.Time.Ticks)))}");
        TextTable table = new("domain", ">rows", ">new", ">bytes", ">seconds");
        foreach ((DomainGrowthResult result, TimeSpan time) in Made)
        {
            table.Add(
                result.Plan.Domain.Name, Figures.Count(result.Plan.Range.EndRow), Figures.Count(result.MadeRows), Figures.Bytes(result.MadeBytes),
                time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
        }

        table.Write(writer, "  ");
        writer.WriteLine();
    }

    private void WriteFrauds(TextWriter writer)
    {
        long frauds = Measured.FraudsByRule.Values.Sum();
        if (frauds == 0)
        {
            return;
        }

        writer.WriteLine($"Frauds among the new transactions: {Figures.Count(frauds)}, {Figures.Percent(frauds, Measured.MadeRows)}");
        TextTable table = new("rule", ">rows", ">share");
        foreach ((FraudRule rule, long rows) in Measured.FraudsByRule)
        {
            table.Add(FraudNames.Of(rule), Figures.Count(rows), Figures.Percent(rows, frauds));
        }

        table.Write(writer, "  ");
        writer.WriteLine();
    }

    private void WriteAudit(TextWriter writer)
    {
        writer.WriteLine($"Audit, {Figures.Seconds(TimeSpan.FromSeconds(Audit.Seconds))}: {(Audit.IsClean ? new AuditRendering(Audit).Headline : "NOT as it should be")}");
        TextTable table = new("", "layer", ">expected", ">found", "verdict");
        foreach (IGrouping<AuditLayer, TableAudit> layer in Audit.Tables.GroupBy(table => table.Layer))
        {
            table.Add(
                AuditRendering.MarkOf(layer),
                LayerNames.NameOf(layer.Key),
                Figures.Count(layer.Sum(audit => audit.Counts.Expected)),
                Figures.Count(layer.Sum(audit => audit.Counts.Found)),
                WordsOf(layer));
        }

        table.Write(writer, "  ");
        writer.WriteLine();
    }

    private static string WordsOf(IEnumerable<TableAudit> layer) =>
        string.Join("; ", layer.Where(audit => audit.Verdicts is not [Verdict.Complete]).Select(audit => $"{audit.Name}: {audit.Verdict}")) is { Length: > 0 } words ? words : "complete and unaltered";
}
