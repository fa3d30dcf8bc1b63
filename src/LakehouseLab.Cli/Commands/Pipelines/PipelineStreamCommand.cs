using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Spark;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline stream</c>: takes records into the tables as they come.</summary>
internal sealed class PipelineStreamCommand : CommandWithExample
{
    private readonly PipelineOptions _options = new();
    private readonly ValueOption<long> _batchRows = new("--batch-rows", "COUNT", "Most messages that a micro-batch ingests into a table [500k]", Count.ParsePositive) { Default = StreamRequest.DefaultBatchRows };

    private readonly ValueOption<TimeSpan> _batchTime = new(
        "--batch-time", "SPAN", "From the start of one micro-batch to that of the next at least, unless more waits than one takes [5s]", Period.Parse)
    { Default = TimeSpan.FromSeconds(5) };

    private readonly Option<bool> _once = new("--once") { Description = "End when nothing more waits." };

    public PipelineStreamCommand(Surroundings surroundings)
        : base("stream", "Ingest records into the tables as they arrive, in micro-batches, until stopped.", "lakelab pipeline stream --source kafka --batch-time 10s")
    {
        Add([.. _options.OfSources, _batchRows, _batchTime, _once]);
        Add(PipelineOptions.OfStreams);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using KafkaTopicLog? topics = call.FindTopics();
        PipelineRequest run = _options.Read(call, topics);
        run = run with
        {
            BatchOffsets = call.Get(_batchRows),
            Spark = run.Spark is { } spark ? spark with { Kafka = KafkaOfSpark(call) } : null,
        };
        StreamRequest request = new(run)
        {
            Interval = call.Get(_batchTime),
            EndsWhenCaughtUp = call.Get(_once),
        };
        Lake lake = await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false);
        using LakeLock held = await lake.LockAsync(LakePart.Tables, cancellationToken).ConfigureAwait(false);
        PipelineReport? failed = await PipelineStream.RunAsync(lake, request, call.Surroundings.Clock, told => Tell(call, told), cancellationToken).ConfigureAwait(false);
        if (failed is null)
        {
            return ExitCode.Done;
        }

        PipelineReportView.TellFailures(failed, call.Surroundings.Words);
        return PipelineReportView.CodeOf(failed);
    }

    // Its secrets are Spark's own: none of ours leave this machine.
    private static SparkKafka KafkaOfSpark(CommandCall call)
    {
        KafkaConnection connection = KafkaConnection.Find(call.Surroundings.Variable)
            ?? throw new InvalidRequestException($"a stream of Spark reads topics, and {KafkaConnection.ServersVariable} is not set: name the Kafka brokers in it, or stream without --engine spark");
        string servers = call.Settings.Get(KnownSettings.SparkKafka) is { Length: > 0 } stated ? stated : connection.BootstrapServers;
        return new SparkKafka(servers, call.Surroundings.Variable(KafkaConnection.SecurityProtocolVariable), call.Surroundings.Variable($"{KafkaConnection.SaslPrefix}MECHANISM"));
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
                PipelineReportView.TellWarnings(finished.Report, call);
                break;
            case StreamEvent.Waiting waiting:
                call.Say($"waiting: {waiting.Reason}");
                break;
            default:
                call.Say("going on");
                break;
        }
    }
}
