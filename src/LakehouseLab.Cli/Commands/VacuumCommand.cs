using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Querying;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>vacuum</c>: deletes files that no version of the last seven days needs.</summary>
internal sealed class VacuumCommand : CommandWithExample
{
    private readonly ValueArgument<string?> _table = new("table", "TABLE", "A table such as silver.transactions; without it all tables.", static text => text) { Default = null, OffersOfModels = KnownTables.Names };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Delete nothing, only say what would be." };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("vacuum", "Delete the files that time travel within the last 7 days does not need.", "lakelab vacuum silver.transactions --dry-run", "TABLE");

    public VacuumCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_table);
        Add(_dryRun);
        Add([KnownSettings.Lake, KnownSettings.Models]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        LakeTables tables = new(lake);
        TableVacuum vacuum = new(lake, call.LoadModels(), call.Surroundings.Clock);
        bool dryRun = call.Get(_dryRun);
        IReadOnlyList<TableName> names = call.Get(_table) is { } text
            ? [await tables.FindAsync(text, cancellationToken).ConfigureAwait(false)]
            : await tables.ListAsync(cancellationToken).ConfigureAwait(false);
        List<(TableName Table, IReadOnlyList<ObjectInfo> Files)> results = [];
        List<string> failures = [];
        using LakeLock? held = dryRun || names.Count == 0 ? null : await lake.LockAsync(LakePart.Tables, cancellationToken).ConfigureAwait(false);
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
