using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Server.Requests;
using LakehouseLab.Server.Settings;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Server.Emulations;

/// <summary>The fields with which an emulation is started.</summary>
internal sealed class StartEmulationFields
{
    /// <summary>Records in the lake's own folder.</summary>
    public const string Local = "local";

    /// <summary>Records in an object store.</summary>
    public const string Minio = "minio";

    /// <summary>Records in a topic.</summary>
    public const string Kafka = "kafka";

    /// <summary>The longest timeout: a week, in seconds.</summary>
    public const long MaxTimeout = 604_800;

    /// <summary>The timeout when nothing else ends the emulation, in seconds.</summary>
    public const long DefaultTimeout = 60;

    /// <summary>The pace when nothing but a timeout ends the emulation.</summary>
    public const string TimedRate = "1000/s";

    // What Kafka allows for names of topics, and S3 for buckets.
    private const string TopicPattern = "^[A-Za-z0-9._-]+$";
    private const string BucketPattern = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
    private const string PrefixPattern = "^[A-Za-z0-9._=/-]+$";

    public StartEmulationFields(ServiceOptions options)
    {
        Threads = new("threads", "Threads that make rows; the records do not depend on it.", 1, options.MaxThreads) { Default = 1 };
        Rows = new("rows", "How many rows.", 1, options.MaxRows) { Example = 100_000 };
        Seed = Whole("seed", "Seed of the lake's world; stated otherwise, it is refused.", long.MinValue, long.MaxValue, options.World.Seed);
        Users = Whole("users", "People of the lake's world; stated otherwise, it is refused.", WorldSettings.MinUsers, WorldSettings.MaxUsers, options.World.Users);
        Start = new("start", "When the lake's world begins; stated otherwise, it is refused.") { Default = options.World.Start.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) };
        FraudRate = new("fraud_rate", "Share of frauds in the lake's world; stated otherwise, it is refused.", 0, WorldSettings.MaxFraudRate) { Default = options.World.FraudRate };
        FraudMix = new("fraud_mix", "Weights of the fraud rules in the lake's world; stated otherwise, it is refused.", 200, "a mix such as takeover=35,testing=25,collusion=15,geographical=15,inherent=10", IsMix)
        {
            Default = options.World.FraudMix.ToString(),
        };
        All =
        [
            EmulatorSync, EmulationDomain, Timeout, FormatType, SyncType, MaxChunkSize, FlushInterval, Threads, Rows, FirstRow, From, Until, Rate,
            Compression, Labels, Delivery, Headers, Topic, Bucket, Prefix, Seed, Users, Start, FraudRate, FraudMix,
        ];
    }

    public ChoiceField EmulatorSync { get; } = new("emulator_sync", "The system that records go to.", Minio, Kafka, Local) { Required = true, Example = Minio };

    public ChoiceField EmulationDomain { get; } = new("emulation_domain", "What the records are.", [.. Domain.All.Select(domain => domain.Name)]) { Required = true, Example = Domain.All[0].Name };

    public WholeNumberField Timeout { get; } = new("timeout", "Seconds from the first running on, with waiting and downtime; 60 when neither rows nor until is stated.", 1, MaxTimeout) { Example = 120 };

    public ChoiceField FormatType { get; } = new("format_type", "Format of the records. Kafka's messages are always json: there it is kept without effect.", "json", "csv", "parquet") { Default = "json" };

    public ChoiceField SyncType { get; } = new("sync_type", "How records are put together into objects: by size and time, by time alone, or one by one. Kafka has one record a message: there it is kept without effect.", "chunked", "grouped", "single") { Default = "chunked" };

    public WholeNumberField MaxChunkSize { get; } = new("max_chunk_size", "Bytes of an object at most; for Kafka it is kept without effect.", 1, 5L << 30) { Default = EmulationOptions.DefaultMaxChunkSize, Example = 1 << 20 };

    public NumberField FlushInterval { get; } = new("flush_interval", "Seconds after which an open object is closed (10 unless stated); not for Kafka.", 0.1, 3600) { Example = 5 };

    public WholeNumberField Threads { get; }

    public WholeNumberField Rows { get; }

    public WholeNumberField FirstRow { get; } = new("first_row", "First row of the domain, or next: where the lake's rows end.", 0, RowSelection.MaxRow) { Word = "next", Default = "next" };

    public InstantField From { get; } = new("from", "Instead of a first row: the earliest event time.") { Example = "2026-01-31" };

    public InstantField Until { get; } = new("until", "The event time before which rows end.") { Example = "2026-02-28T12:00:00Z" };

    public TextField Rate { get; } = new("rate", "The pace: max, rows a second, realtime, or event time so many times faster than the clock. With only a timeout 1000/s, else max.", 32, "max, realtime, a number of rows a second such as 1000/s, or a factor such as 60x", IsPace) { Example = "500/s" };

    public ChoiceField Compression { get; } = new("compression", "Compression of objects of json and csv; Parquet compresses by itself, and Kafka's batches are compressed by the producer.", "none", "gzip", "zstd");

    public ChoiceField Labels { get; } = new("labels", "Whether transactions carry is_fraud.", "inline", "none") { Default = "inline" };

    public ChoiceField Delivery { get; } = new("delivery", "What is promised of delivery; objects are always there exactly once.", "exactly_once", "at_least_once") { Default = "exactly_once" };

    public SwitchField Headers { get; } = new("headers", "Whether messages carry a header that names emulation and row (true unless stated); for Kafka.");

    public TextField Topic { get; } = new("topic", "The topic, the domain's own unless stated; for Kafka.", 249, "a topic's name: letters, digits, '.', '_' and '-'", static text => text is not "." and not ".." && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')) { Pattern = TopicPattern, Example = Domain.Measure.Topic };

    public TextField Bucket { get; } = new("bucket", "The bucket, the lake's own or lakehouse unless stated; for minio.", 63, "a bucket's name: lower-case letters, digits, '.' and '-'", static text => System.Text.RegularExpressions.Regex.IsMatch(text, BucketPattern, System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) { Pattern = BucketPattern, Example = "lakehouse" };

    public TextField Prefix { get; } = new("prefix", "Where in the bucket; for minio.", 500, "segments of letters, digits, '.', '_', '=' and '-' between slashes, none of them '.' or '..'", IsPrefix) { Pattern = PrefixPattern, Example = "team/a" };

    public WholeNumberField Seed { get; }

    public WholeNumberField Users { get; }

    public InstantField Start { get; }

    public NumberField FraudRate { get; }

    public TextField FraudMix { get; }

    /// <summary>All of them, in the order in which they are documented.</summary>
    public IReadOnlyList<RequestField> All { get; }

    private static WholeNumberField Whole(string name, string description, long minimum, long maximum, JsonNode value) =>
        new(name, description, minimum, maximum) { Default = value };

    private static bool IsPace(string text)
    {
        try
        {
            Pace.Parse(text);
            return true;
        }
        catch (InvalidRequestException)
        {
            return false;
        }
    }

    private static bool IsPrefix(string text) =>
        text.Split('/').All(segment => segment.Length > 0 && segment is not "." and not ".." && segment.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or '-'));

    private static bool IsMix(string text)
    {
        try
        {
            World.Settings.FraudMix.Parse(text);
            return true;
        }
        catch (InvalidRequestException)
        {
            return false;
        }
    }
}
