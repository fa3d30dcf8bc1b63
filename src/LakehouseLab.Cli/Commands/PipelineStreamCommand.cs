using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Cli.Commands;

/// <summary><c>pipeline stream</c>: takes records into the tables as they come.</summary>
internal sealed class PipelineStreamCommand : CommandWithExample
{
    private const string BatchRows = "--batch-rows";
    private const string BatchTime = "--batch-time";
    private const string Once = "--once";
    private static readonly TimeSpan s_defaultTime = TimeSpan.FromSeconds(5);

    public PipelineStreamCommand(Surroundings surroundings)
        : base("stream", "Take records into the tables as they come, in micro-batches, until stopped.", "lakelab pipeline stream --source kafka --batch-time 10s")
    {
        foreach (Option option in PipelineFlags.OfSources())
        {
            Add(option);
        }

        Add(new Option<string>(BatchRows) { Description = "Messages that a micro-batch takes into a table at most [500k]", HelpName = "COUNT" });
        Add(new Option<string>(BatchTime) { Description = "From the start of one micro-batch to that of the next at least, unless more waits than one takes [5s]", HelpName = "SPAN" });
        Add(new Option<bool>(Once) { Description = "End when nothing more waits." });
        Add(PipelineFlags.Settings);
        Runs(surroundings, RunAsync);
    }

    private static async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using KafkaTopicLog? topics = call.FindTopics();
        PipelineRequest run = PipelineFlags.Read(call, topics) with
        {
            BatchOffsets = call.Flag(BatchRows, Count.ParsePositive, StreamRequest.DefaultBatchRows),
        };
        StreamRequest request = new(run)
        {
            Interval = call.Flag(BatchTime, Period.Parse, s_defaultTime),
            EndsWhenCaughtUp = call.Switch(Once),
        };
        Lake lake = call.OpenLake();
        using LakeLock held = lake.Lock(LakePart.Tables);
        PipelineReport? failed = await PipelineStream.RunAsync(lake, request, call.Surroundings.Clock, told => Tell(call, told), cancellationToken).ConfigureAwait(false);
        if (failed is null)
        {
            return ExitCode.Done;
        }

        PipelineReportView.TellFailures(failed, call.Surroundings.Words);
        return PipelineReportView.CodeOf(failed);
    }

    // A stream has no end at which its output could be flushed.
    private static void Tell(CommandCall call, StreamEvent told)
    {
        switch (told)
        {
            case StreamEvent.Finished finished when call.Json:
                call.Surroundings.Text.WriteLine(JsonSerializer.Serialize(StreamLine.Of(finished), StreamLineDocuments.Default.StreamLine));
                call.Surroundings.Text.Flush();
                break;
            case StreamEvent.Finished finished:
                call.Surroundings.Text.WriteLine(StreamLine.Of(finished).Text);
                call.Surroundings.Text.Flush();
                break;
            case StreamEvent.Waiting waiting:
                call.Say($"waiting: {waiting.Reason}");
                break;
            default:
                call.Say("Kafka is back: going on");
                break;
        }
    }
}
