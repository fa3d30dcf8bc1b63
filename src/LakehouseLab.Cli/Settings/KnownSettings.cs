using System.Globalization;
using LakehouseLab.Cli.Values;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.World;

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
        "trips", "on|off", "Whether people travel.",
        static text => Choice.Parse(text, ["on", "off"]) == "on", static on => on ? "on" : "off", static () => s_world.Trips)
    { InWorld = static world => world.Trips };

    /// <summary>Whether records carry labels.</summary>
    public static Setting<string> Labels { get; } = new(
        "labels", "inline|none", "Whether transactions carry is_fraud.",
        static text => Choice.Parse(text, ["inline", "none"]), static text => text, static () => "inline");

    /// <summary>How many threads make rows.</summary>
    public static Setting<int> Threads { get; } = new(
        "threads", "COUNT", "How many threads work; what comes out does not depend on it.",
        static text => (int)Count.Parse(text, 1, MaxThreads), Invariant, static () => Math.Min(Environment.ProcessorCount, MaxThreads));

    /// <summary>Size of a chunk.</summary>
    public static Setting<long> MaxChunkSize { get; } = new(
        "max-chunk-size", "SIZE", "Bytes of a raw file at most.",
        static text => ByteSize.Parse(text, 1), ByteSize.Format, static () => EmulationOptions.DefaultMaxChunkSize);

    /// <summary>Partitions of topics that are made.</summary>
    public static Setting<int> KafkaPartitions { get; } = new(
        "kafka-partitions", "COUNT", "Partitions of topics that are made.",
        static text => (int)Count.Parse(text, 1, 1000), Invariant, static () => s_topics.Partitions);

    /// <summary>Replicas of topics that are made.</summary>
    public static Setting<int> KafkaReplication { get; } = new(
        "kafka-replication", "COUNT", "Replicas of topics that are made; 0: as many as the cluster's default.",
        static text => (int)Count.Parse(text, 0, 100), Invariant, static () => s_topics.Replication ?? 0);

    /// <summary>Compression of Kafka's batches.</summary>
    public static Setting<string> KafkaCompression { get; } = new(
        "kafka-compression", string.Join('|', TopicSettings.Compressions), "How batches of messages are compressed.",
        static text => Choice.Parse(text, [.. TopicSettings.Compressions]), static text => text, static () => s_topics.Compression);

    /// <summary>Memory of the SQL engine.</summary>
    public static Setting<long> MemoryLimit { get; } = new(
        "memory-limit", "SIZE", "Memory that the SQL engine takes at most; what needs more spills to disk.",
        static text => ByteSize.Parse(text, DuckDbOptions.MinMemoryLimit), ByteSize.Format, static () => DuckDbOptions.DefaultMemoryLimit);

    /// <summary>The most threads that help on any machine of today.</summary>
    public static int MaxThreads => 256;

    /// <summary>The settings that make a world.</summary>
    public static IReadOnlyList<Setting> OfWorld { get; } = [Seed, Users, Start, PaymentsPerMonth, FraudRate, FraudMix, Trips];

    /// <summary>The settings of Kafka topics that are written to.</summary>
    public static IReadOnlyList<Setting> OfTopics { get; } = [KafkaPartitions, KafkaReplication, KafkaCompression];

    /// <summary>All settings.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Lake, .. OfWorld, Labels, Threads, MaxChunkSize, MemoryLimit, .. OfTopics, .. ServiceSettings.All];

    private static string Text(string text) =>
        string.IsNullOrWhiteSpace(text) ? throw new InvalidRequestException("is no place: it is empty") : text;

    private static string Invariant<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static long ParseSeed(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw new InvalidRequestException($"is no whole number from {long.MinValue} to {long.MaxValue}: write it like 42");

    private static FraudMix ParseMix(string text)
    {
        try
        {
            return World.FraudMix.Parse(text);
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"is no fraud mix: {refusal.Message}", refusal);
        }
    }
}
