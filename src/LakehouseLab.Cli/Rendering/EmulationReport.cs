using System.Text.Json;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What was done for a domain, for a person and for a program.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Emulations">The emulations that made rows, or that have them all.</param>
/// <param name="Range">The rows that were asked for.</param>
/// <param name="MadeRows">Rows made.</param>
/// <param name="MadeBytes">Bytes made.</param>
/// <param name="FraudsByRule">Frauds among the rows made.</param>
/// <param name="Behind">By how much records left later than their pace, in all.</param>
/// <param name="Time">How long the rows took, without the start.</param>
/// <param name="Place">Where the records are.</param>
internal sealed record EmulationReport(
    string Domain, IReadOnlyList<Guid> Emulations, RowRange Range, long MadeRows, long MadeBytes, IReadOnlyDictionary<FraudRule, long> FraudsByRule, TimeSpan Behind, TimeSpan Time, string Place)
{
    /// <summary>Reports one emulation.</summary>
    public EmulationReport(EmulationResult result, string place)
        : this(result.Schema.Name, [result.Emulation], new RowRange(result.FirstRow, result.FirstRow + result.Rows), result.MadeRows, result.MadeBytes, result.FraudsByRule, result.Behind, result.Time, place)
    {
    }

    /// <summary>Reports the emulations of a domain.</summary>
    public EmulationReport(DomainGrowthResult result, string place)
        : this(
            result.Plan.Domain.Name, [.. result.Emulations.Select(emulation => emulation.Emulation)], result.Plan.Range,
            result.MadeRows, result.MadeBytes, result.FraudsByRule, new TimeSpan(result.Emulations.Sum(emulation => emulation.Behind.Ticks)),
            new TimeSpan(result.Emulations.Sum(emulation => emulation.Time.Ticks)), place)
    {
    }

    /// <summary>One line.</summary>
    public string Line => Range.Rows == 0
        ? $"{Domain}: none in this span of time"
        : MadeRows == 0
        ? $"{Domain}: all {Figures.Count(Range.Rows)} rows were in {Place} already, nothing was made{Ids}"
        : $"{Domain}: {Figures.Count(MadeRows)} rows{Earlier}, {Figures.Bytes(MadeBytes)}{Speed}{Frauds} to {Place}{Late}{Ids}";

    private string Late => Behind == TimeSpan.Zero ? string.Empty : $", {Figures.Seconds(Behind)} behind its pace";

    private string Earlier => MadeRows < Range.Rows ? $" more of {Figures.Count(Range.Rows)}" : string.Empty;

    private string Frauds => FraudsByRule.Count == 0 ? string.Empty : $", {Figures.Count(FraudsByRule.Values.Sum())} of them frauds,";

    private string Ids => Emulations.Count switch
    {
        0 => string.Empty,
        1 => $" (emulation {Emulations[0]})",
        _ => $" ({Emulations.Count} emulations)",
    };

    /// <summary>One object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("domain", Domain);
        writer.WriteStartArray("emulations");
        foreach (Guid emulation in Emulations)
        {
            writer.WriteStringValue(emulation);
        }

        writer.WriteEndArray();
        writer.WriteString("place", Place);
        writer.WriteNumber("first_row", Range.FirstRow);
        writer.WriteNumber("rows", Range.Rows);
        writer.WriteNumber("made_rows", MadeRows);
        writer.WriteNumber("made_bytes", MadeBytes);
        writer.WriteNumber("seconds", Time.TotalSeconds);
        writer.WriteNumber("seconds_behind", Behind.TotalSeconds);
        writer.WriteStartObject("frauds");
        foreach ((FraudRule rule, long rows) in FraudsByRule)
        {
            writer.WriteNumber(FraudNames.Of(rule), rows);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private string Speed => $" in {Figures.Seconds(Time)} ({Figures.Rate(MadeRows, Time, "rows")})";
}
