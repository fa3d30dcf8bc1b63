using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>tables</c>: the tables of the lake.</summary>
internal sealed class TablesCommand : CommandWithExample
{
    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("tables", "List the tables of the lake.", "lakelab tables --lake ./lake");

    public TablesCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<ListedTable> tables = await new LakeTables(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false)).SummarizeAsync(cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, tables));
        }
        else if (tables.Count == 0)
        {
            call.Say("the lake has no table yet");
        }
        else
        {
            WriteText(tables, call.Surroundings.Text);
        }

        return FailureLines.Tell(tables.Select(table => table.Failure), call.Surroundings.Words);
    }

    private static void WriteText(IReadOnlyList<ListedTable> tables, TextWriter writer)
    {
        TextTable text = new("layer", "table", ">version", ">rows", ">files", ">size", "last change");
        foreach (ListedTable table in tables)
        {
            if (table.Summary is { } summary)
            {
                text.Add(
                    table.Name.Layer, table.Name.Name, Figures.Count(summary.Version), summary.Rows is { } rows ? Figures.Count(rows) : "?",
                    Figures.Count(summary.Files), Figures.Bytes(summary.Bytes), Figures.Instant(summary.Changed));
            }
            else
            {
                text.Add(table.Name.Layer, table.Name.Name, "?", "?", "?", "?", "CANNOT BE READ");
            }
        }

        text.Write(writer);
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<ListedTable> tables)
    {
        writer.WriteStartArray();
        foreach (ListedTable table in tables)
        {
            writer.WriteStartObject();
            writer.WriteString("table", table.Name.ToString());
            JsonOutput.WriteOptional(writer, "version", table.Summary?.Version);
            JsonOutput.WriteOptional(writer, "rows", table.Summary?.Rows);
            JsonOutput.WriteOptional(writer, "files", table.Summary?.Files);
            JsonOutput.WriteOptional(writer, "bytes", table.Summary?.Bytes);
            JsonOutput.WriteOptional(writer, "last_change", table.Summary?.Changed);
            if (table.Failure is not null)
            {
                writer.WriteString("error", table.Failure);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
