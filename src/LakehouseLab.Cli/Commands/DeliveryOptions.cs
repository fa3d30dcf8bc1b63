using System.CommandLine;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Options;
using LakehouseLab.Cli.Settings;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.S3;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Commands;

/// <summary>The flags that say how records are written, how fast they leave and where they go.</summary>
internal sealed class DeliveryOptions
{
    private const string DefaultBucket = "lakehouse";

    private readonly ValueOption<RecordFormat> _format = new(
        "--format", "Format of the records [json]", new Choices<RecordFormat>(ChunkFormat.Names, static index => (RecordFormat)index));

    private readonly ValueOption<RecordCompression> _compression = new(
        "--compression", "Compression of json and csv objects [none]", new Choices<RecordCompression>(ChunkFormat.CompressionNames, static index => (RecordCompression)index));

    private readonly ValueOption<SyncSystem> _sync = new(
        "--sync", "Where records are delivered [local]", new Choices<SyncSystem>(Destination.Names, static index => (SyncSystem)index));

    private readonly ValueOption<SyncType> _syncType = new(
        "--sync-type", "How records are put together into objects [chunked]", new Choices<SyncType>(["single", "grouped", "chunked"], static index => (SyncType)index))
    { Default = SyncType.Chunked };

    private readonly ValueOption<TimeSpan?> _flushInterval = new("--flush-interval", "SPAN", "When an open object is closed at the latest [10s when paced]", static text => Period.Parse(text));
    private readonly ValueOption<Pace> _rate = new("--rate", "max|N/s|realtime|60x", "How fast records leave [max]", Pace.Parse) { Default = Pace.Max, Offers = static () => ["max", "realtime"] };
    private readonly ValueOption<TimeSpan?> _duration = new("--duration", "SPAN", "How long the run goes on, by the wall clock.", static text => Period.Parse(text));
    private readonly ValueOption<string?> _bucket = new("--bucket", "BUCKET", $"With --sync minio: the bucket [the lake's, else {DefaultBucket}]", static text => text);
    private readonly ValueOption<string?> _prefix = new("--prefix", "PREFIX", "With --sync minio: the prefix in the bucket.", static text => text);
    private readonly ValueOption<string?> _topic = new("--topic", "TOPIC", "With --sync kafka: the topic [the domain's]", static text => text);
    private readonly ValueOption<bool> _headers = new("--headers", "With --sync kafka: whether messages name emulation and row [on]", Choices.OnOff) { Default = true };

    private readonly ValueOption<DeliveryGuarantee> _delivery = new(
        "--delivery", "With --sync kafka: what is promised [exactly_once]", new Choices<DeliveryGuarantee>(["exactly_once", "at_least_once"], static index => (DeliveryGuarantee)index));

    /// <summary>The flags, in the order of help.</summary>
    public IReadOnlyList<Option> All => [_format, _compression, _sync, _syncType, _flushInterval, _rate, _duration, _bucket, _prefix, _topic, _headers, _delivery];

    /// <summary>How long a run goes on.</summary>
    public Option Duration => _duration;

    /// <summary>Reads the flags and settings.</summary>
    /// <param name="call">The command.</param>
    /// <param name="rows">How many rows were asked for; null when that is open.</param>
    /// <param name="besideLake">Whether the records go into no lake.</param>
    /// <exception cref="InvalidRequestException">Two values do not go together.</exception>
    public EmulationOptions Read(CommandCall call, long? rows, bool besideLake)
    {
        EmulationOptions options = new()
        {
            Labels = call.Settings.Get(KnownSettings.Labels),
            Threads = call.Settings.Get(KnownSettings.Threads),
            MaxChunkSize = call.Settings.Get(KnownSettings.MaxChunkSize),
            Format = new ChunkFormat(call.Get(_format), call.Get(_compression)),
            SyncType = call.Get(_syncType),
            FlushInterval = call.Get(_flushInterval),
            Duration = call.Get(_duration),
            Pace = call.Get(_rate),
            Headers = call.Get(_headers),
            Delivery = call.Get(_delivery),
            Destination = ReadDestination(call, besideLake),
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

    private Destination ReadDestination(CommandCall call, bool besideLake)
    {
        string lake = call.Settings.Get(KnownSettings.Lake);
        bool isBucket = S3Location.IsMeant(lake) && !besideLake;
        SyncSystem system = call.IsGiven(_sync) ? call.Get(_sync) : isBucket ? SyncSystem.Minio : SyncSystem.Local;
        RefuseOthers(call, system, SyncSystem.Minio, [_bucket, _prefix]);
        RefuseOthers(call, system, SyncSystem.Kafka, [_topic, _headers, _delivery]);
        return system switch
        {
            SyncSystem.Minio when isBucket && call.FindGiven(_bucket, _prefix) is null => Destination.InLake(lake),
            SyncSystem.Minio => new Destination(system, S3Location.Of(call.Get(_bucket) ?? DefaultBucket, call.Get(_prefix)?.Trim('/') ?? string.Empty).ToString()),
            SyncSystem.Kafka => new Destination(system, call.Get(_topic)),
            _ when isBucket => throw new InvalidRequestException($"{_sync.Name} {Destination.Names[(int)system]}: lake '{lake}' is not a folder, so give {_sync.Name} minio"),
            _ => Destination.Lake,
        };
    }

    private void RefuseOthers(CommandCall call, SyncSystem system, SyncSystem owner, Option[] options)
    {
        if (system != owner && call.FindGiven(options) is { } stated)
        {
            throw new InvalidRequestException($"{stated.Name} is for {_sync.Name} {Destination.Names[(int)owner]}: leave it out, or give that");
        }
    }
}
