using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Storage;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>vacuum</c>: deletes files that no version of the last seven days needs.</summary>
internal sealed class VacuumCommand : CommandWithExample
{
    private const string DryRun = "--dry-run";

    private readonly Argument<string> _table = new("table")
    {
        Description = "A table such as silver.transactions; without it all tables.",
        HelpName = "TABLE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public VacuumCommand(Surroundings surroundings)
        : base("vacuum", "Delete the files that time travel within the last 7 days does not need.", "lakelab vacuum silver.transactions --dry-run")
    {
        Add(_table);
        Add(new Option<bool>(DryRun) { Description = "Delete nothing, only say what would be." });
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        LakeTables tables = new(lake);
        TableVacuum vacuum = new(lake, call.Surroundings.Clock);
        bool dryRun = call.Switch(DryRun);
        IReadOnlyList<TableName> names = call.OptionalArgument(_table) is { } text
            ? [await tables.FindAsync(text, cancellationToken).ConfigureAwait(false)]
            : await tables.ListAsync(cancellationToken).ConfigureAwait(false);
        List<(TableName Table, IReadOnlyList<ObjectInfo> Files)> results = [];
        List<string> failures = [];
        using LakeLock? held = dryRun || names.Count == 0 ? null : lake.Lock(LakePart.Tables);
        foreach (TableName name in names)
        {
            try
            {
                results.Add((name, await vacuum.RunAsync(name, dryRun, cancellationToken).ConfigureAwait(false)));
            }
            catch (Exception exception) when (exception is DeltaException or LakeException or StorageException { IsUnavailable: false })
            {
                failures.Add(exception.Message);
            }
        }

        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, results, dryRun));
        }
        else if (results.Count > 0 || failures.Count == 0)
        {
            TextTable table = new("table", dryRun ? ">files to delete" : ">files deleted", ">size");
            results.ForEach(result => table.Add(result.Table.ToString(), Figures.Count(result.Files.Count), Figures.Bytes(result.Files.Sum(file => file.Length))));
            table.Write(call.Surroundings.Text);
        }

        return FailureLines.Tell(failures, call.Surroundings.Words);
    }

    private static void WriteJson(Utf8JsonWriter writer, List<(TableName Table, IReadOnlyList<ObjectInfo> Files)> results, bool dryRun)
    {
        writer.WriteStartArray();
        foreach ((TableName table, IReadOnlyList<ObjectInfo> files) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("table", table.ToString());
            writer.WriteBoolean("dry_run", dryRun);
            writer.WriteNumber("bytes", files.Sum(file => file.Length));
            writer.WriteStartArray("files");
            foreach (ObjectInfo file in files)
            {
                writer.WriteStringValue(file.Key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
