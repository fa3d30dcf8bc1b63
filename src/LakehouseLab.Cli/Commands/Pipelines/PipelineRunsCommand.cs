using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline runs</c>: the runs of a lake, newest first.</summary>
internal sealed class PipelineRunsCommand : CommandWithExample
{
    private readonly ValueOption<int> _number = new("-n", "COUNT", "How many runs [10]", static text => (int)Count.Parse(text, 1, 100_000)) { Default = 10 };

    public PipelineRunsCommand(Surroundings surroundings)
        : base("runs", "Show the runs of a lake, newest first.", "lakelab pipeline runs -n 5")
    {
        Add(_number);
        Add(KnownSettings.Lake);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<PipelineReport> runs = await new RunHistory(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false)).ReadAsync(call.Get(_number), cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer =>
            {
                writer.WriteStartArray();
                foreach (PipelineReport run in runs)
                {
                    JsonSerializer.Serialize(writer, run, RunDocuments.Default.PipelineReport);
                }

                writer.WriteEndArray();
            });
            return ExitCode.Done;
        }

        TextTable table = new("run", "engine", ">seconds", ">into Bronze", ">rows written", ">quarantined", ">duplicates", "ended");
        foreach (PipelineReport run in runs)
        {
            table.Add(
                run.Id, run.Engine, Figures.Seconds(TimeSpan.FromSeconds(run.Seconds)),
                Figures.Count(run.Bronze.Sum(bronze => bronze.Records)),
                Figures.Count(run.Models.Sum(model => model.RowsOut)),
                Figures.Count(run.Models.Sum(model => model.Quarantined)),
                Figures.Count(run.Models.Sum(model => model.Duplicates)),
                run.Failures.Count > 0 ? "a table failed" : run.Models.Any(model => model.FoundWanting) ? "an expectation is broken" : run.FoundWanting ? "raw objects wait or changed" : run.Models.Any(model => model.Warnings.Count > 0) ? "done, with warnings" : "done");
        }

        table.Write(call.Surroundings.Text);
        return ExitCode.Done;
    }
}
