using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>history</c>: the commits of a table.</summary>
internal sealed class HistoryCommand : CommandWithExample
{
    private readonly ValueArgument<string> _table = new("table", "TABLE", "A table such as silver.transactions.", static text => text) { OffersOfModels = KnownTables.Names };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("history", "Show the commits of a table, newest first.", "lakelab history silver.transactions", "TABLE");

    public HistoryCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_table);
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        LakeTables tables = new(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false));
        DeltaTable table = tables.Open(await tables.FindAsync(call.Get(_table), cancellationToken).ConfigureAwait(false));
        IReadOnlyList<HistoryEntry> history = await table.HistoryAsync(cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, history));
            return ExitCode.Done;
        }

        TextTable text = new(">version", "time", "operation", ">files added", ">removed", "parameters");
        foreach (HistoryEntry entry in history)
        {
            text.Add(
                Figures.Count(entry.Version), Figures.Instant(entry.Timestamp), entry.Operation ?? string.Empty, Figures.Count(entry.FilesAdded),
                Figures.Count(entry.FilesRemoved), string.Join(", ", entry.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")));
        }

        text.Write(call.Surroundings.Text);
        return ExitCode.Done;
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<HistoryEntry> history)
    {
        writer.WriteStartArray();
        foreach (HistoryEntry entry in history)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", entry.Version);
            JsonOutput.WriteOptional(writer, "timestamp", entry.Timestamp);
            writer.WriteString("operation", entry.Operation);
            writer.WriteStartObject("parameters");
            foreach ((string name, string value) in entry.Parameters)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteNumber("files_added", entry.FilesAdded);
            writer.WriteNumber("files_removed", entry.FilesRemoved);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
