using System.Globalization;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Cli.Settings;

/// <summary>Every setting, declared once for flags, environment, file, <c>config</c> and help.</summary>
internal static class KnownSettings
{
    private static readonly WorldSettings s_world = new();
    private static readonly TopicSettings s_topics = new();

    /// <summary>Where the lake is.</summary>
    public static Setting<string> Lake { get; } = new(
        "lake", "PLACE", "The lake: a folder, or s3://bucket/prefix.", Text, static text => text, static () => "./lake")
    { IsPath = true };

    /// <summary>Where one's own models are; empty for the folder of the project.</summary>
    public static Setting<string> Models { get; } = new(
        "models", "DIR", "Models of one's own, beside and in place of the built-in ones: a folder with silver/ and gold/.", Text, static text => text, static () => "")
    { IsPath = true };

    /// <summary>Seed of the world.</summary>
    public static Setting<long> Seed { get; } = new(
        "seed", "NUMBER", "Seed of every draw of the world.", ParseSeed, Invariant, static () => s_world.Seed)
    { InWorld = static world => world.Seed };

    /// <summary>People of the world.</summary>
    public static Setting<int> Users { get; } = new(
        "users", "COUNT", "How many people the world has.",
        static text => (int)Count.Parse(text, WorldSettings.MinUsers, WorldSettings.MaxUsers), Invariant, static () => s_world.Users)
    { InWorld = static world => world.Users };

    /// <summary>When the world begins.</summary>
    public static Setting<DateTimeOffset> Start { get; } = new(
        "start", "DATE", "When the world begins.", Instant.Parse, Instant.Format, static () => s_world.Start)
    { InWorld = static world => world.Start };

    /// <summary>How busy people are.</summary>
    public static Setting<int> PaymentsPerMonth { get; } = new(
        "payments-per-month", "COUNT", "Mean payments per person in 30 days.",
        static text => (int)Count.Parse(text, 1, 1000), Invariant, static () => s_world.PaymentsPerMonth)
    { InWorld = static world => world.PaymentsPerMonth };

    /// <summary>Share of frauds.</summary>
    public static Setting<double> FraudRate { get; } = new(
        "fraud-rate", "SHARE", "Share of fraudulent transactions.",
        static text => Share.Parse(text, WorldSettings.MaxFraudRate),
        static value => value.ToString(CultureInfo.InvariantCulture), static () => s_world.FraudRate)
    { InWorld = static world => world.FraudRate };

    /// <summary>Shares of the fraud rules.</summary>
    public static Setting<FraudMix> FraudMix { get; } = new(
        "fraud-mix", "MIX", "Weights of the fraud rules.",
        ParseMix, static mix => mix.ToString(), static () => s_world.FraudMix)
    { InWorld = static world => world.FraudMix };

    /// <summary>Whether people travel.</summary>
    public static Setting<bool> Trips { get; } = new(
        "trips", "Whether people travel.", Choices.OnOff, static () => s_world.Trips)
    { InWorld = static world => world.Trips };

    /// <summary>Whether records carry labels.</summary>
    public static Setting<bool> Labels { get; } = new(
        "labels", "Whether transactions carry is_fraud.", new Choices<bool>(["inline", "none"], static index => index == 0), static () => true);

    /// <summary>How many threads make rows.</summary>
    public static Setting<int> Threads { get; } = new(
        "threads", "COUNT", "How many threads work; what comes out does not depend on it.",
        static text => (int)Count.Parse(text, 1, MaxThreads), Invariant, static () => Math.Min(Environment.ProcessorCount, MaxThreads));

    /// <summary>Size of a chunk.</summary>
    public static Setting<long> MaxChunkSize { get; } = new(
        "max-chunk-size", "SIZE", "Most bytes of a raw file.",
        static text => ByteSize.Parse(text, 1), ByteSize.Format, static () => EmulationOptions.DefaultMaxChunkSize);

    /// <summary>Partitions of topics that are created.</summary>
    public static Setting<int> KafkaPartitions { get; } = new(
        "kafka-partitions", "COUNT", "Partitions of topics that are created.",
        static text => (int)Count.Parse(text, 1, 1000), Invariant, static () => s_topics.Partitions);

    /// <summary>Replicas of topics that are made.</summary>
    public static Setting<int> KafkaReplication { get; } = new(
        "kafka-replication", "COUNT", "Replicas of topics that are created; 0: the cluster's default.",
        static text => (int)Count.Parse(text, 0, 100), Invariant, static () => s_topics.Replication ?? 0);

    /// <summary>Compression of Kafka's batches.</summary>
    public static Setting<string> KafkaCompression { get; } = new(
        "kafka-compression", "How batches of messages are compressed.", Choices.Of([.. TopicSettings.Compressions]), static () => s_topics.Compression);

    /// <summary>Memory of the SQL engine.</summary>
    public static Setting<long> MemoryLimit { get; } = new(
        "memory-limit", "SIZE", "Most memory that the SQL engine uses; what needs more spills to disk.",
        static text => ByteSize.Parse(text, DuckDbOptions.MinMemoryLimit), ByteSize.Format, static () => DuckDbOptions.DefaultMemoryLimit);

    /// <summary>What runs the models.</summary>
    public static Setting<string> Engine { get; } = new(
        "engine", "What runs the models.", Choices.Of("duckdb", "spark"), static () => "duckdb");

    /// <summary>The Spark Connect server; empty for that of the environment.</summary>
    public static Setting<string> Remote { get; } = new(
        "remote", "SERVER", "The Spark Connect server of --engine spark, as sc://host:15002 [$SPARK_REMOTE].", Text, static text => text, static () => "");

    /// <summary>Kafka's brokers as Spark reaches them; empty for those of the environment.</summary>
    public static Setting<string> SparkKafka { get; } = new(
        "spark-kafka", "SERVERS", "Kafka's brokers as Spark reaches them, for pipeline stream --engine spark [$KAFKA_BOOTSTRAP_SERVERS].", Text, static text => text, static () => "");

    /// <summary>Where Spark's records are decoded.</summary>
    public static Setting<string> Decode { get; } = new(
        "decode",
        "Where --engine spark decodes records: by lakelab-task installed on the workers, by an uploaded one, or in this process; auto: the first that works.",
        Choices.Of("auto", "workers", "artifact", "client"),
        static () => "auto");

    /// <summary>Spark's catalog; empty for paths.</summary>
    public static Setting<string> Catalog { get; } = new(
        "catalog", "NAME", "The catalog in which --engine spark names tables, as NAME.silver.transactions [tables are named by their paths].", Text, static text => text, static () => "");

    /// <summary>The most threads that help on any machine of today.</summary>
    public static int MaxThreads => 256;

    /// <summary>The settings that make a world.</summary>
    public static IReadOnlyList<Setting> OfWorld { get; } = [Seed, Users, Start, PaymentsPerMonth, FraudRate, FraudMix, Trips];

    /// <summary>The settings of Kafka topics that are written to.</summary>
    public static IReadOnlyList<Setting> OfTopics { get; } = [KafkaPartitions, KafkaReplication, KafkaCompression];

    /// <summary>All settings.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Lake, Models, .. OfWorld, Labels, Threads, MaxChunkSize, Engine, Remote, SparkKafka, Decode, Catalog, MemoryLimit, .. OfTopics, .. ServiceSettings.All];

    private static string Text(string text) =>
        string.IsNullOrWhiteSpace(text) ? throw new InvalidRequestException("is not a place: it is empty") : text;

    private static string Invariant<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static long ParseSeed(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw new InvalidRequestException($"is not a whole number from {long.MinValue} to {long.MaxValue}: write it like 42");

    private static FraudMix ParseMix(string text)
    {
        try
        {
            return World.Settings.FraudMix.Parse(text);
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"is not a fraud mix: {refusal.Message}", refusal);
        }
    }
}
