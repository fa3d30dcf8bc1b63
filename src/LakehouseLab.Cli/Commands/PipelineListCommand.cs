using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>pipeline list</c>: the models, what they are made from and how fresh their tables are.</summary>
internal sealed class PipelineListCommand : CommandWithExample
{
    public PipelineListCommand(Surroundings surroundings)
        : base("list", "Show the models, what they are made from and how fresh their tables are.", "lakelab pipeline list --json")
    {
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        List<(Model Model, Snapshot? Snapshot, DateTimeOffset? Changed)> rows = [];
        foreach (Model model in ModelCatalog.LoadBuiltIn().Models)
        {
            DeltaTable table = new(lake.Store, model.Table.Prefix);
            Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
            DateTimeOffset? changed = snapshot is null ? null : (await table.HistoryAsync(cancellationToken).ConfigureAwait(false))[0].Timestamp;
            rows.Add((model, snapshot, changed));
        }

        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, rows));
            return ExitCode.Done;
        }

        TextTable text = new("table", "kept as", "made from", ">version", "changed (UTC)");
        foreach ((Model model, Snapshot? snapshot, DateTimeOffset? changed) in rows)
        {
            text.Add(model.Table.ToString(), KeptAs(model.Materialization), string.Join(", ", model.Inputs), snapshot is null ? "-" : Figures.Count(snapshot.Version), changed is null ? "not made yet" : Figures.Instant(changed.Value));
        }

        text.Write(call.Surroundings.Text);
        return ExitCode.Done;
    }

    private static string KeptAs(Materialization materialization) => materialization switch
    {
        Materialization.Table => "table",
        Materialization.Append => "append",
        Materialization.Merge => "merge",
        _ => "replace_partitions",
    };

    private static void WriteJson(Utf8JsonWriter writer, List<(Model Model, Snapshot? Snapshot, DateTimeOffset? Changed)> rows)
    {
        writer.WriteStartArray();
        foreach ((Model model, Snapshot? snapshot, DateTimeOffset? changed) in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("table", model.Table.ToString());
            writer.WriteString("description", model.Description);
            writer.WriteString("kept_as", KeptAs(model.Materialization));
            writer.WriteStartArray("made_from");
            foreach (TableName input in model.Inputs)
            {
                writer.WriteStringValue(input.ToString());
            }

            writer.WriteEndArray();
            if (snapshot is not null)
            {
                writer.WriteNumber("version", snapshot.Version);
                writer.WriteString("changed", changed!.Value.UtcDateTime);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
