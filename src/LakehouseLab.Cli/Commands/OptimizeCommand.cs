using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Maintenance;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>optimize</c>: rewrites small files of tables as few.</summary>
internal sealed class OptimizeCommand : CommandWithExample
{
    private readonly Argument<string> _table = new("table") { Description = "The table; all when left out.", HelpName = "TABLE", Arity = ArgumentArity.ZeroOrOne };

    public OptimizeCommand(Surroundings surroundings)
        : base("optimize", "Rewrite small files of tables as few; rows and older versions stay.", "lakelab optimize silver.transactions")
    {
        Add(_table);
        Add(KnownSettings.Lake, KnownSettings.Threads, KnownSettings.MemoryLimit);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        Lake lake = call.OpenLake();
        List<TableName> tables = Choose(call.OptionalArgument(_table));
        await lake.RequireContentAsync("to optimize", cancellationToken).ConfigureAwait(false);
        using LakeLock held = lake.Lock(LakePart.Tables);
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

    private static List<TableName> Choose(string? name)
    {
        ModelCatalog catalog = ModelCatalog.LoadBuiltIn();
        List<TableName> known = [.. catalog.Models.Select(model => model.Sql.Source).OfType<TableName>(), .. catalog.Models.Select(model => model.Table), QuarantineTable.Name];
        return name is null ? known
            : known.FirstOrDefault(table => table.ToString() == name) is { } chosen ? [chosen]
            : throw new InvalidRequestException($"'{name}' is no table that can be optimized: allowed are {string.Join(", ", known)}{NearestWord.Ask(name, known.Select(table => table.ToString()))}");
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
