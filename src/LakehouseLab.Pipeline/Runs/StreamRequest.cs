using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>What a stream is asked for.</summary>
/// <param name="Run">What each of its micro-batches does.</param>
public sealed record StreamRequest(PipelineRequest Run)
{
    /// <summary>Records of a micro-batch and table at most, by default.</summary>
    public const long DefaultBatchRows = 500_000;

    /// <summary>From the start of one micro-batch to that of the next at least, unless more waits than one takes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether it ends when nothing more waits, instead of waiting for more.</summary>
    public bool EndsWhenCaughtUp { get; init; }
}

/// <summary>What a stream tells of itself.</summary>
public abstract record StreamEvent
{
    private StreamEvent()
    {
    }

    /// <summary>A micro-batch is in the tables.</summary>
    /// <param name="Report">What it did.</param>
    /// <param name="Lags">How far each table is behind now.</param>
    public sealed record Finished(PipelineReport Report, IReadOnlyList<StreamLag> Lags) : StreamEvent;

    /// <summary>Kafka or Spark cannot be reached, or another stream is at work, and the stream waits for it.</summary>
    /// <param name="Reason">Why, in one sentence.</param>
    public sealed record Waiting(string Reason) : StreamEvent;

    /// <summary>What was waited for is there.</summary>
    public sealed record Resumed : StreamEvent;
}

/// <summary>How far a Bronze table is behind its sources.</summary>
/// <param name="Table">The table.</param>
/// <param name="Records">Records that wait: messages at most, and objects.</param>
/// <param name="EventTime">Event time that the stream has reached; null when it has taken nothing from a topic.</param>
/// <param name="EventTimeLag">From then to now, by the clock; null with it.</param>
public sealed record StreamLag(string Table, long Records, DateTimeOffset? EventTime, TimeSpan? EventTimeLag);
