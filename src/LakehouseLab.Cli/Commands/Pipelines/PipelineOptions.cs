using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary>The flags that say what a pipeline run does.</summary>
internal sealed class PipelineOptions
{
    private readonly SelectOption _select = new();

    private readonly ValueOption<RecordSource> _source = new(
        "--source", "Where new records are taken from [what the lake's manifests name]", new Choices<RecordSource>(["raw", "kafka", "all"], static index => RecordSource.Raw + index))
    { Default = RecordSource.Named };

    private readonly Option<bool> _acceptLost = new(TopicIntake.AcceptFlag) { Description = "Record offsets that a topic has lost before they were ingested, and go on after them." };

    private readonly ValueOption<ForeignTreatment?> _foreign = new(
        "--foreign",
        "What Silver does with messages of other lakes and domains, from now on [what it did before; at first: report]",
        new Choices<ForeignTreatment?>(["report", "quarantine", "ingest"], static index => (ForeignTreatment)index));

    private readonly Option<bool> _fullRefresh = new("--full-refresh") { Description = "Recompute the tables from all of their input." };
    private readonly Option<bool> _takeOver = new("--take-over") { Description = "Make this run's engine that of tables which another engine has written." };
    private readonly Option<bool> _reingest = new("--reingest") { Description = "Ingest the new content of raw files that changed after their ingestion, as new records." };
    private readonly ValueOption<DateOnly?> _from = new("--from", "DATE", "First day that partitioned tables recompute, besides what is new.", static text => Day(text));
    private readonly ValueOption<DateOnly?> _to = new("--to", "DATE", "The day after the last of them.", static text => Day(text));

    /// <summary>The settings that a run takes.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [KnownSettings.Lake, KnownSettings.Models, KnownSettings.Engine, KnownSettings.Remote, KnownSettings.Decode, KnownSettings.Catalog, KnownSettings.Threads, KnownSettings.MemoryLimit];

    /// <summary>The settings that a stream takes.</summary>
    public static IReadOnlyList<Setting> OfStreams { get; } = [.. Settings, KnownSettings.SparkKafka];

    /// <summary>The flags that say what comes in and which models take it.</summary>
    public IReadOnlyList<Option> OfSources => [_select, _source, _acceptLost, _foreign, _takeOver];

    /// <summary>The flags.</summary>
    public IReadOnlyList<Option> All => [.. OfSources, _fullRefresh, _reingest, _from, _to];

    /// <summary>Reads the flags and settings.</summary>
    /// <param name="call">The command.</param>
    /// <param name="topics">The Kafka cluster; null when there is none.</param>
    /// <exception cref="InvalidRequestException">Two values do not go together.</exception>
    public PipelineRequest Read(CommandCall call, ITopicLog? topics)
    {
        DateOnly? from = call.Get(_from);
        DateOnly? to = call.Get(_to);
        if (from is null != to is null || from >= to)
        {
            throw new InvalidRequestException($"{_from.Name} and {_to.Name} go together, {_from.Name} before {_to.Name}: write them like {_from.Name} 2026-01-01 {_to.Name} 2026-02-01");
        }

        return new PipelineRequest
        {
            Catalog = call.LoadModels(),
            Select = call.Get(_select),
            Source = call.Get(_source),
            Topics = topics,
            AcceptLostOffsets = call.Get(_acceptLost),
            FullRefresh = call.Get(_fullRefresh),
            Reingest = call.Get(_reingest),
            Foreign = call.Get(_foreign),
            FromDay = from,
            ToDay = to,
            Spark = call.Settings.Get(KnownSettings.Engine) == "duckdb" ? null
                : call.FindSpark() ?? throw new InvalidRequestException($"--engine spark needs a server: give --remote sc://host:15002, or set {CommandCall.SparkVariable}"),
            TakesOver = call.Get(_takeOver),
            Threads = call.Settings.Get(KnownSettings.Threads),
            MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit),
        };
    }

    private static DateOnly Day(string text) => DateOnly.FromDateTime(Instant.Parse(text).UtcDateTime);
}
