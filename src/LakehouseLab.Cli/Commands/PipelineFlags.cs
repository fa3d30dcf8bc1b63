using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary>The flags that say what a pipeline run does.</summary>
internal static class PipelineFlags
{
    private const string Select = "--select";
    private const string FullRefresh = "--full-refresh";
    private const string Reingest = "--reingest";
    private const string From = "--from";
    private const string To = "--to";
    private const string Engine = "--engine";
    private const string Source = "--source";
    private const string Foreign = "--foreign";
    private const string AcceptLost = TopicIntake.AcceptFlag;

    /// <summary>The settings that a run takes.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [KnownSettings.Lake, KnownSettings.Threads, KnownSettings.MemoryLimit];

    /// <summary>Makes the flags that say what comes in and which models take it.</summary>
    public static IEnumerable<Option> OfSources() =>
    [
        new Option<string>(Select) { Description = "Models to run: a table, + after it for all that depend on it, + before it for all that it needs [all]", HelpName = "MODELS" },
        new Option<string>(Source) { Description = "Where new records are taken from [what the lake's manifests name]", HelpName = "raw|kafka|all" },
        new Option<bool>(AcceptLost) { Description = "Record offsets that a topic has lost before they were taken in, and go on behind them." },
        new Option<string>(Foreign) { Description = "What Silver does with messages of other lakes and domains, from now on [what it did before; at first: report]", HelpName = "report|quarantine|ingest" },
        new Option<string>(Engine) { Description = "What runs the models [duckdb]", HelpName = "duckdb" },
    ];

    /// <summary>Makes the flags.</summary>
    public static IEnumerable<Option> Create() =>
    [
        .. OfSources(),
        new Option<bool>(FullRefresh) { Description = "Make the tables anew from all of their input." },
        new Option<bool>(Reingest) { Description = "Ingest the new content of raw files that changed after their ingestion, as new records." },
        new Option<string>(From) { Description = "First day that partitioned tables make again, besides what is new.", HelpName = "DATE" },
        new Option<string>(To) { Description = "The day after the last of them.", HelpName = "DATE" },
    ];

    /// <summary>Reads the flags and settings.</summary>
    /// <param name="call">The command.</param>
    /// <param name="topics">The Kafka cluster; null when there is none.</param>
    /// <exception cref="InvalidRequestException">A value is wrong.</exception>
    public static PipelineRequest Read(CommandCall call, ITopicLog? topics)
    {
        call.Flag(Engine, static text => Choice.Parse(text, ["duckdb"]), "duckdb");
        DateOnly? from = call.Flag<DateOnly?>(From, static text => Day(text), null);
        DateOnly? to = call.Flag<DateOnly?>(To, static text => Day(text), null);
        if (from is null != to is null || from >= to)
        {
            throw new InvalidRequestException($"{From} and {To} go together, {From} before {To}: write them like {From} 2026-01-01 {To} 2026-02-01");
        }

        return new PipelineRequest
        {
            Select = call.Flag(Select),
            Source = call.Flag(Source, static text => Enum.Parse<RecordSource>(Choice.Parse(text, ["raw", "kafka", "all"]), ignoreCase: true), RecordSource.Named),
            Topics = topics,
            AcceptLostOffsets = call.Switch(AcceptLost),
            FullRefresh = call.Switch(FullRefresh),
            Reingest = call.Switch(Reingest),
            Foreign = call.Flag<ForeignTreatment?>(Foreign, static text => Enum.Parse<ForeignTreatment>(Choice.Parse(text, ["report", "quarantine", "ingest"]), ignoreCase: true), null),
            FromDay = from,
            ToDay = to,
            Threads = call.Settings.Get(KnownSettings.Threads),
            MemoryLimit = call.Settings.Get(KnownSettings.MemoryLimit),
        };
    }

    private static DateOnly Day(string text) => DateOnly.FromDateTime(Instant.Parse(text).UtcDateTime);
}
