using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline list</c>: the models, what they are made from and how fresh their tables are.</summary>
internal sealed class PipelineListCommand : CommandWithExample
{
    public PipelineListCommand(Surroundings surroundings)
        : base("list", "Show the models, what they are made from and how fresh their tables are.", "lakelab pipeline list --json")
    {
        Add([KnownSettings.Lake, KnownSettings.Models]);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        List<ModelRow> rows = [];
        foreach (Model model in call.LoadModels().Models)
        {
            rows.Add(await ReadAsync(lake, model, cancellationToken).ConfigureAwait(false));
        }

        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, rows));
        }
        else
        {
            TextTable text = new("table", "kept as", "made from", ">version", "changed (UTC)", "model");
            rows.ForEach(row => text.Add(
                row.Model.Table.ToString(), KeptAs(row.Model.Materialization), string.Join(", ", row.Model.Inputs), row.Snapshot is null ? "-" : Figures.Count(row.Snapshot.Version),
                row.Failure is not null ? "CANNOT BE READ" : row.Snapshot is null ? "not made yet" : Figures.Instant(row.Snapshot.Timestamp),
                row.Model.Origin is null ? "built-in" : row.Model.File));
            text.Write(call.Surroundings.Text);
        }

        return FailureLines.Tell(rows.Select(row => row.Failure), call.Surroundings.Words);
    }

    private static async Task<ModelRow> ReadAsync(Lake lake, Model model, CancellationToken cancellationToken)
    {
        try
        {
            return new ModelRow(model, await new DeltaTable(lake.Store, model.Table.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is DeltaException or StorageException { IsUnavailable: false })
        {
            return new ModelRow(model, null, exception.Message);
        }
    }

    private static string KeptAs(Materialization materialization) => materialization switch
    {
        Materialization.Table => "table",
        Materialization.Append => "append",
        Materialization.Merge => "merge",
        _ => "replace_partitions",
    };

    private static void WriteJson(Utf8JsonWriter writer, List<ModelRow> rows)
    {
        writer.WriteStartArray();
        foreach ((Model model, Snapshot? snapshot, string? failure) in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("table", model.Table.ToString());
            writer.WriteString("description", model.Description);
            writer.WriteString("kept_as", KeptAs(model.Materialization));
            writer.WriteString("model", model.Origin is null ? "built-in" : model.File);
            writer.WriteStartArray("made_from");
            foreach (TableName input in model.Inputs)
            {
                writer.WriteStringValue(input.ToString());
            }

            writer.WriteEndArray();
            if (snapshot is not null)
            {
                writer.WriteNumber("version", snapshot.Version);
            }

            if (snapshot?.Timestamp is { } changed)
            {
                writer.WriteString("changed", changed.UtcDateTime);
            }

            if (failure is not null)
            {
                writer.WriteString("error", failure);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private sealed record ModelRow(Model Model, Snapshot? Snapshot, string? Failure);
}
