using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>pipeline run</c>: takes what is new into the tables.</summary>
internal sealed class PipelineRunCommand : CommandWithExample
{
    public PipelineRunCommand(Surroundings surroundings)
        : base("run", "Take what is new into the tables.", "lakelab pipeline run --select silver.transactions+")
    {
        foreach (Option option in PipelineFlags.Create())
        {
            Add(option);
        }

        Add(PipelineFlags.Settings);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using KafkaTopicLog? topics = call.FindTopics();
        PipelineRequest request = PipelineFlags.Read(call, call.WaitFor(topics));
        Lake lake = call.OpenLake();
        if (request.Source is RecordSource.Named or RecordSource.Raw)
        {
            await lake.RequireContentAsync("to take in", cancellationToken).ConfigureAwait(false);
        }

        using LakeLock held = lake.Lock(LakePart.Tables);
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
        PipelineReportView.TellFailures(report, call.Surroundings.Words);
        return PipelineReportView.CodeOf(report);
    }
}
