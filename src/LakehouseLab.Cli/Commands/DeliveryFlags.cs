using System.CommandLine;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Storage.S3;
using LakehouseLab.World;

namespace LakehouseLab.Cli.Commands;

/// <summary>The flags that say how records are written, how fast they leave and where they go.</summary>
internal static class DeliveryFlags
{
    private const string Format = "--format";
    private const string Compression = "--compression";
    private const string Sync = "--sync";
    private const string SyncType = "--sync-type";
    private const string FlushInterval = "--flush-interval";
    private const string Rate = "--rate";
    private const string Bucket = "--bucket";
    private const string Prefix = "--prefix";
    private const string Topic = "--topic";
    private const string Headers = "--headers";
    private const string Delivery = "--delivery";
    private const string DefaultBucket = "lakehouse";

    private static readonly string[] s_syncTypes = ["single", "grouped", "chunked"];
    private static readonly string[] s_guarantees = ["exactly_once", "at_least_once"];

    /// <summary>How long a run goes on.</summary>
    public const string Duration = "--duration";

    /// <summary>Makes the flags.</summary>
    public static IEnumerable<Option> Create() =>
    [
        new Option<string>(Format) { Description = "Format of the records [json]", HelpName = string.Join('|', ChunkFormat.Names) },
        new Option<string>(Compression) { Description = "Compression of json and csv objects [none]", HelpName = string.Join('|', ChunkFormat.CompressionNames) },
        new Option<string>(Sync) { Description = "Where records are delivered [local]", HelpName = string.Join('|', Destination.Names) },
        new Option<string>(SyncType) { Description = "How records are put together into objects [chunked]", HelpName = string.Join('|', s_syncTypes) },
        new Option<string>(FlushInterval) { Description = "When an open object is closed at the latest [10s when paced]", HelpName = "SPAN" },
        new Option<string>(Rate) { Description = "How fast records leave [max]", HelpName = "max|N/s|realtime|60x" },
        new Option<string>(Duration) { Description = "How long the run goes on, by the wall clock.", HelpName = "SPAN" },
        new Option<string>(Bucket) { Description = $"With --sync minio: the bucket [the lake's, else {DefaultBucket}]", HelpName = "BUCKET" },
        new Option<string>(Prefix) { Description = "With --sync minio: the prefix in the bucket.", HelpName = "PREFIX" },
        new Option<string>(Topic) { Description = "With --sync kafka: the topic [the domain's]", HelpName = "TOPIC" },
        new Option<string>(Headers) { Description = "With --sync kafka: whether messages name emulation and row [on]", HelpName = "on|off" },
        new Option<string>(Delivery) { Description = "With --sync kafka: what is promised [exactly_once]", HelpName = string.Join('|', s_guarantees) },
    ];

    /// <summary>Reads the flags and settings.</summary>
    /// <param name="call">The command.</param>
    /// <param name="rows">How many rows were asked for; null when that is open.</param>
    /// <exception cref="InvalidRequestException">A value is wrong, or two do not go together.</exception>
    public static EmulationOptions Read(CommandCall call, long? rows)
    {
        EmulationOptions options = new()
        {
            Labels = call.Settings.Get(KnownSettings.Labels) == "inline",
            Threads = call.Settings.Get(KnownSettings.Threads),
            MaxChunkSize = call.Settings.Get(KnownSettings.MaxChunkSize),
            Format = new ChunkFormat(
                (RecordFormat)Index(call, Format, ChunkFormat.Names, 0),
                (RecordCompression)Index(call, Compression, ChunkFormat.CompressionNames, 0)),
            SyncType = (SyncType)Index(call, SyncType, s_syncTypes, (int)Emulation.Delivery.SyncType.Chunked),
            FlushInterval = call.Flag<TimeSpan?>(FlushInterval, static text => Period.Parse(text), null),
            Duration = call.Flag<TimeSpan?>(Duration, static text => Period.Parse(text), null),
            Pace = call.Flag(Rate, Pace.Parse, Pace.Max),
            Headers = call.Flag(Headers, static text => Choice.Parse(text, ["on", "off"]) == "on", true),
            Delivery = (DeliveryGuarantee)Index(call, Delivery, s_guarantees, 0),
            Destination = ReadDestination(call),
            Topic = ReadTopics(call),
        };
        foreach ((string field, string problem) in RequestRules.Find(options, rows))
        {
            throw new InvalidRequestException($"--{field.Replace('_', '-')}: {problem}");
        }

        return options;
    }

    /// <summary>Reads how topics are made and written to.</summary>
    public static TopicSettings ReadTopics(CommandCall call) => new()
    {
        Partitions = call.Settings.Get(KnownSettings.KafkaPartitions),
        Replication = call.Settings.Get(KnownSettings.KafkaReplication) is > 0 and int replication ? (short)replication : null,
        Compression = call.Settings.Get(KnownSettings.KafkaCompression),
    };

    private static Destination ReadDestination(CommandCall call)
    {
        string lake = call.Settings.Get(KnownSettings.Lake);
        bool isBucket = S3Location.IsMeant(lake) && call.Flag("--out") is null;
        SyncSystem system = (SyncSystem)Index(call, Sync, Destination.Names, (int)(isBucket ? SyncSystem.Minio : SyncSystem.Local));
        RefuseOthers(call, system, SyncSystem.Minio, [Bucket, Prefix]);
        RefuseOthers(call, system, SyncSystem.Kafka, [Topic, Headers, Delivery]);
        return system switch
        {
            SyncSystem.Minio when call.Flag(Bucket) is null && call.Flag(Prefix) is null && isBucket => Destination.InLake(lake),
            SyncSystem.Minio => new Destination(system, S3Location.Of(call.Flag(Bucket) ?? DefaultBucket, call.Flag(Prefix)?.Trim('/') ?? string.Empty).ToString()),
            SyncSystem.Kafka => new Destination(system, call.Flag(Topic)),
            _ when isBucket => throw new InvalidRequestException($"{Sync} {Destination.Names[(int)system]}: lake '{lake}' is no folder, so give {Sync} minio"),
            _ => Destination.Lake,
        };
    }

    private static void RefuseOthers(CommandCall call, SyncSystem system, SyncSystem owner, string[] flags)
    {
        if (system != owner && flags.FirstOrDefault(flag => call.Flag(flag) is not null) is { } stated)
        {
            throw new InvalidRequestException($"{stated} is for {Sync} {Destination.Names[(int)owner]}: leave it out, or give that");
        }
    }

    private static int Index(CommandCall call, string flag, IReadOnlyList<string> words, int otherwise) =>
        call.Flag(flag, text => words.ToList().IndexOf(Choice.Parse(text, [.. words])), otherwise);
}
