using System.Globalization;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Plans;

/// <summary>When a streaming query takes its next batch.</summary>
public sealed class SparkTrigger
{
    private SparkTrigger(TimeSpan? interval) => Interval = interval;

    /// <summary>Takes what is there, in batches, and ends.</summary>
    public static SparkTrigger AvailableNow { get; } = new(null);

    /// <summary>The time between the beginnings of two batches; null: takes what is there and ends.</summary>
    public TimeSpan? Interval { get; }

    /// <summary>Takes a batch at each interval, without end.</summary>
    /// <param name="interval">The interval; zero: the next batch follows at once.</param>
    public static SparkTrigger Every(TimeSpan interval) => new(interval);
}

/// <summary>Where and how a streaming query writes.</summary>
public sealed record SparkStreamWrite
{
    /// <summary>The sink's name.</summary>
    public string Format { get; init; } = "delta";

    /// <summary>The path that is written to; not with <see cref="Table"/>, neither for a sink without a place.</summary>
    public string? Path { get; init; }

    /// <summary>The table that is written to, by its name.</summary>
    public string? Table { get; init; }

    /// <summary><c>append</c>, <c>update</c> or <c>complete</c>.</summary>
    public string OutputMode { get; init; } = "append";

    /// <summary>When a batch is taken.</summary>
    public SparkTrigger Trigger { get; init; } = SparkTrigger.AvailableNow;

    /// <summary>The query's name; null: none.</summary>
    public string? Name { get; init; }

    /// <summary>The columns that partition a new table.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Options of the sink, such as <c>checkpointLocation</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    internal Command Command(SparkRelation input)
    {
        WriteStreamOperationStart start = new() { Input = input.Wire, Format = Format, OutputMode = OutputMode, QueryName = Name ?? "" };
        start.Options.Add(Options.ToMap());
        start.PartitioningColumnNames.Add(PartitionBy);
        if (Path is not null)
        {
            start.Path = Path;
        }
        else if (Table is not null)
        {
            start.TableName = Table;
        }

        if (Trigger.Interval is { } interval)
        {
            start.ProcessingTimeInterval = string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalMilliseconds} milliseconds");
        }
        else
        {
            start.AvailableNow = true;
        }

        return new Command { WriteStreamOperationStart = start };
    }
}
