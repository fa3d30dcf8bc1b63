using System.Text.Json;
using LakehouseLab.Emulation;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Cli.Rendering;

/// <summary>What an emulation did, for a person and for a program.</summary>
/// <param name="Result">What it did.</param>
/// <param name="Place">Where the records are.</param>
/// <param name="Time">How long it took.</param>
internal sealed record EmulationReport(EmulationResult Result, string Place, TimeSpan Time)
{
    /// <summary>One line.</summary>
    public string Line => Result.MadeRows == 0
        ? $"{Result.Schema.Domain}: all {Figures.Count(Result.Rows)} rows were in {Place} already, nothing was made (emulation {Result.Emulation})"
        : $"{Result.Schema.Domain}: {Figures.Count(Result.MadeRows)} rows{Earlier}, {Figures.Bytes(Result.MadeBytes)} in {Figures.Seconds(Time)} ({Figures.Rate(Result.MadeRows, Time, "rows")}){Frauds} to {Place} (emulation {Result.Emulation})";

    private string Earlier => Result.MadeRows < Result.Rows ? $" more of {Figures.Count(Result.Rows)}" : string.Empty;

    private string Frauds => Result.FraudsByRule.Count == 0 ? string.Empty : $", {Figures.Count(Result.FraudsByRule.Values.Sum())} of them frauds,";

    /// <summary>One object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("domain", Result.Schema.Domain);
        writer.WriteString("emulation", Result.Emulation);
        writer.WriteString("place", Place);
        writer.WriteNumber("first_row", Result.FirstRow);
        writer.WriteNumber("rows", Result.Rows);
        writer.WriteNumber("made_rows", Result.MadeRows);
        writer.WriteNumber("made_bytes", Result.MadeBytes);
        writer.WriteNumber("seconds", Time.TotalSeconds);
        writer.WriteStartObject("frauds");
        foreach ((FraudRule rule, long rows) in Result.FraudsByRule)
        {
            writer.WriteNumber(FraudNames.Of(rule), rows);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
