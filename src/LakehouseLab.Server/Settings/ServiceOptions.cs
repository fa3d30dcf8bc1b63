using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Server.Settings;

/// <summary>How the service runs.</summary>
public sealed record ServiceOptions
{
    /// <summary>The address that is listened on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>The key that every request must have; null when none is needed, which only loopback addresses allow.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Further hosts, besides this machine's own names, that are answered without a key. Whoever reaches the port can claim to ask for
    /// one of them: they are for networks whose members are all trusted, such as those of containers.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The lake's world: what is stated otherwise in a request is refused.</summary>
    public required WorldSettings World { get; init; }

    /// <summary>Reads the models, for each pipeline run anew: so a run has the files of its time.</summary>
    public Func<ModelCatalog> LoadModels { get; init; } = static () => ModelCatalog.BuiltIn;

    /// <summary>Folder of the job database; null for the lake's own, which then must be a folder.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Emulations that run at once.</summary>
    public int MaxRunning { get; init; } = 10;

    /// <summary>Emulations that may wait for their turn.</summary>
    public int MaxQueued { get; init; } = 1000;

    /// <summary>Ended emulations, runs and audits that are remembered, each.</summary>
    public int MaxEnded { get; init; } = 10_000;

    /// <summary>The most rows that one emulation may ask for.</summary>
    public long MaxRows { get; init; } = 10_000_000_000;

    /// <summary>The most rows a second that one emulation may ask for; null when full speed is allowed.</summary>
    public double? MaxRate { get; init; }

    /// <summary>The most threads that one emulation may have.</summary>
    public int MaxThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>The places in object stores that emulations may be delivered to: buckets, or prefixes of them, such as <c>lakehouse/team</c>.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = ["lakehouse"];

    /// <summary>The topics that emulations may be delivered to; a star at the end stands for any text.</summary>
    public IReadOnlyList<string> Topics { get; init; } = ["user-profiles*", "transactions*", "device-logs*"];

    /// <summary>How topics are made and written to.</summary>
    public TopicSettings NewTopics { get; init; } = new();

    /// <summary>Bytes that the SQL engine takes at most in a pipeline run.</summary>
    public long MemoryLimit { get; init; } = Pipeline.DuckDb.DuckDbOptions.DefaultMemoryLimit;

    /// <summary>The Spark server on which pipeline runs may run their models; null when there is none.</summary>
    public Pipeline.Spark.SparkOptions? Spark { get; init; }

    /// <summary>Threads of a pipeline run or an audit.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The form of the log on standard error.</summary>
    public LogForm Log { get; init; }

    /// <summary>Reads an environment variable, by which systems are reached; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long what works may take to stop in order.</summary>
    internal TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Pages of 4 KiB that the job database may grow to; null for as many as the disk holds.</summary>
    internal int? MaxDatabasePages { get; init; }
}

/// <summary>The form of a log.</summary>
public enum LogForm
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line, for programs.</summary>
    Json,

    /// <summary>Nothing is logged.</summary>
    None,
}
