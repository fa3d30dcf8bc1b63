using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>optimize</c>: rewrites small files of tables as few.</summary>
internal sealed class OptimizeCommand : CommandWithExample
{
    private readonly ValueArgument<string?> _table = new("table", "TABLE", "The table; all when left out.", static text => text) { Default = null, OffersOfModels = KnownTables.Names };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("optimize", "Rewrite small files of tables as few; rows and older versions stay.", "lakelab optimize silver.transactions", "TABLE");

    public OptimizeCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_table);
        Add(KnownSettings.Lake, KnownSettings.Models, KnownSettings.Threads, KnownSettings.MemoryLimit);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        List<TableName> tables = Choose(call.Get(_table), call.LoadModels());
        await lake.RequireContentAsync("to optimize", cancellationToken).ConfigureAwait(false);
        using LakeLock held = await lake.LockAsync(LakePart.Tables, cancellationToken).ConfigureAwait(false);
        Compaction compaction = new(lake, new DuckDbOptions(call.Settings.Get(KnownSettings.MemoryLimit), call.Settings.Get(KnownSettings.Threads)), call.Surroundings.Clock);
        IReadOnlyList<CompactionResult> results = await compaction.RunAsync(tables, atLeast: 2, cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, results));
        }
        else if (results.Count == 0)
        {
            call.Say("nothing to do: no table has two small files");
        }
        else
        {
            WriteText(results, call.Surroundings.Text);
        }

        return FailureLines.Tell(results.Select(result => result.Failure), call.Surroundings.Words);
    }

    private static void WriteText(IReadOnlyList<CompactionResult> results, TextWriter writer)
    {
        TextTable text = new("table", ">files before", ">files after", ">rows", "");
        foreach (CompactionResult result in results)
        {
            text.Add(result.Table, Figures.Count(result.FilesBefore), Figures.Count(result.FilesAfter), Figures.Count(result.Rows), result.Failure is null ? "" : "FAILED");
        }

        text.Write(writer);
    }

    private static List<TableName> Choose(string? name, ModelCatalog models)
    {
        List<TableName> known = [.. KnownTables.Of(models)];
        return name is null ? known
            : known.FirstOrDefault(table => table.ToString() == name) is { } chosen ? [chosen]
            : throw new InvalidRequestException($"'{name}' is not a table that can be optimized: allowed are {string.Join(", ", known)}{NearestWord.Ask(name, known.Select(table => table.ToString()))}");
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<CompactionResult> results)
    {
        writer.WriteStartArray();
        foreach (CompactionResult result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("table", result.Table);
            writer.WriteNumber("files_before", result.FilesBefore);
            writer.WriteNumber("files_after", result.FilesAfter);
            writer.WriteNumber("rows", result.Rows);
            if (result.Failure is not null)
            {
                writer.WriteString("error", result.Failure);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
