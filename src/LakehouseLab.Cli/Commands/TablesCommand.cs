using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>tables</c>: the tables of the lake.</summary>
internal sealed class TablesCommand : CommandWithExample
{
    public TablesCommand(Surroundings surroundings)
        : base("tables", "List the tables of the lake.", "lakelab tables --lake ./lake")
    {
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        LakeTables tables = new(call.OpenLake());
        List<TableSummary> summaries = [];
        foreach (TableName name in await tables.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            summaries.Add(await TableSummary.OfAsync(name, tables.Open(name), cancellationToken).ConfigureAwait(false));
        }

        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, summaries));
            return ExitCode.Done;
        }

        if (summaries.Count == 0)
        {
            call.Say("the lake has no table yet");
            return ExitCode.Done;
        }

        TextTable text = new("layer", "table", ">version", ">rows", ">files", ">size", "last change");
        summaries.ForEach(table => text.Add(
            table.Name.Layer, table.Name.Name, Figures.Count(table.Version), table.Rows is { } rows ? Figures.Count(rows) : "?",
            Figures.Count(table.Files), Figures.Bytes(table.Bytes), Figures.Instant(table.Changed)));
        text.Write(call.Surroundings.Text);
        return ExitCode.Done;
    }

    private static void WriteJson(Utf8JsonWriter writer, List<TableSummary> summaries)
    {
        writer.WriteStartArray();
        foreach (TableSummary table in summaries)
        {
            writer.WriteStartObject();
            writer.WriteString("table", table.Name.ToString());
            writer.WriteNumber("version", table.Version);
            JsonOutput.WriteOptional(writer, "rows", table.Rows);
            writer.WriteNumber("files", table.Files);
            writer.WriteNumber("bytes", table.Bytes);
            JsonOutput.WriteOptional(writer, "last_change", table.Changed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
