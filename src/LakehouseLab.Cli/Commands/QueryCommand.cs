using System.CommandLine;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Querying;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>query</c>: SQL over Delta tables.</summary>
internal sealed class QueryCommand : CommandWithExample
{
    private const string Format = "--format";

    private readonly Argument<string> _sql = new("sql")
    {
        Description = "One query. Tables of the lake: silver.transactions; others: delta('folder'), delta('folder', version => 3), delta('folder', timestamp => '2026-01-31').",
        HelpName = "SQL",
    };

    public QueryCommand(Surroundings surroundings)
        : base("query", "Run a SQL query over Delta tables.", "lakelab query \"SELECT currency, sum(amount) FROM silver.transactions GROUP BY ALL\"")
    {
        Add(_sql);
        Add(new Option<string>(Format) { Description = "Format of the rows; json is one object a line [table]", HelpName = "table|json|csv" });
        Add([KnownSettings.Lake, KnownSettings.Threads]);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        string format = call.Flag(Format, static text => Choice.Parse(text, ["table", "json", "csv"]), call.Json ? "json" : "table");
        using LakeQuery query = new(call.OpenLake(), call.Settings.Get(KnownSettings.Threads));
        using QueryResult result = await query.RunAsync(call.Argument(_sql), cancellationToken).ConfigureAwait(false);
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
