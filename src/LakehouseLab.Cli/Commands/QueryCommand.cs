using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>query</c>: SQL over Delta tables.</summary>
internal sealed class QueryCommand : CommandWithExample
{
    private readonly ValueArgument<string> _sql = new(
        "sql",
        "SQL",
        "One query. Tables of the lake: silver.transactions; others: delta('folder'), delta('folder', version => 3), delta('folder', timestamp => '2026-01-31').",
        static text => text);

    private readonly ValueOption<string> _format = new("--format", "Format of the rows; json is one object a line [table]", Choices.Of("table", "json", "csv")) { Default = "table" };

    /// <summary>What help says of it.</summary>
    public static CommandWords Words { get; } = new("query", "Run a SQL query over Delta tables.", "lakelab query \"SELECT currency, sum(amount) FROM silver.transactions GROUP BY ALL\"", "SQL");

    public QueryCommand(Surroundings surroundings)
        : base(Words)
    {
        Add(_sql);
        Add(_format);
        Add([KnownSettings.Lake, KnownSettings.Threads]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        string format = call.Json && !call.IsGiven(_format) ? "json" : call.Get(_format);
        using LakeQuery query = new(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false), call.Settings.Get(KnownSettings.Threads));
        using QueryResult result = await query.RunAsync(call.Get(_sql), cancellationToken).ConfigureAwait(false);
        switch (format)
        {
            case "json":
                QueryOutput.WriteJson(result, call.Surroundings.Output);
                break;
            case "csv":
                QueryOutput.WriteCsv(result, call.Surroundings.OutputIsWatched ? call.Surroundings.Text : call.Surroundings.ExactText);
                break;
            default:
                QueryOutput.WriteTable(result, call.Surroundings.Text);
                break;
        }

        return ExitCode.Done;
    }
}
