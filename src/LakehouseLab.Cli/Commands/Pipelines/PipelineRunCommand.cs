using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline run</c>: takes what is new into the tables.</summary>
internal sealed class PipelineRunCommand : CommandWithExample
{
    private readonly PipelineOptions _options = new();

    public PipelineRunCommand(Surroundings surroundings)
        : base("run", "Bring the tables up to date with what is new.", "lakelab pipeline run --select silver.transactions+")
    {
        Add(_options.All);
        Add(PipelineOptions.Settings);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using KafkaTopicLog? topics = call.FindTopics();
        PipelineRequest request = _options.Read(call, call.WaitFor(topics));
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        if (request.Source is RecordSource.Named or RecordSource.Raw)
        {
            await lake.RequireContentAsync("to ingest", cancellationToken).ConfigureAwait(false);
        }

        using LakeLock held = await lake.LockAsync(LakePart.Tables, cancellationToken).ConfigureAwait(false);
        PipelineReport report = await ProgressBoard.RunAsync(call, shown: true, board =>
            PipelineRun.RunAsync(lake, request, call.Surroundings.Clock, new PipelineSteps(board), cancellationToken)).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => JsonSerializer.Serialize(writer, report, RunDocuments.Default.PipelineReport));
        }
        else
        {
            PipelineReportView.Write(report, call.Surroundings.Text);
        }

        ObjectRemarksView.Tell(report.Bronze.SelectMany(bronze => bronze.Remarks), call);
        PipelineReportView.TellWarnings(report, call);
        PipelineReportView.TellFailures(report, call.Surroundings.Words);
        return PipelineReportView.CodeOf(report);
    }
}
