using System.Globalization;
using System.Text.Json.Serialization;
using LakehouseLab.Cli.Values;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Cli.Rendering;

/// <summary>A micro-batch of a stream in one line.</summary>
/// <param name="Run">The run that it was.</param>
/// <param name="Records">Records that came into Bronze.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failures">What failed, so that tables are behind; the stream tries again.</param>
/// <param name="Lags">How far each table is behind.</param>
internal sealed record StreamLine(string Run, long Records, double Seconds, IReadOnlyList<string> Failures, IReadOnlyList<StreamLineLag> Lags)
{
    /// <summary>The line for a person.</summary>
    [JsonIgnore]
    public string Text
    {
        get
        {
            string lags = string.Join(", ", Lags.Select(lag => $"{lag.Table} {Figures.Count(lag.Records)}{(lag.EventTime is null ? "" : $" (at {lag.EventTime})")}"));
            string failures = Failures.Count == 0 ? "" : $"; FAILED: {Failures[0]}";
            return string.Create(CultureInfo.InvariantCulture, $"{Run}  {Figures.Count(Records)} records in {Seconds:0.00} s; behind: {lags}{failures}");
        }
    }

    /// <summary>The line of a micro-batch.</summary>
    public static StreamLine Of(StreamEvent.Finished finished) => new(
        finished.Report.Id,
        finished.Report.Bronze.Sum(bronze => bronze.Records),
        finished.Report.Seconds,
        finished.Report.Failures,
        [.. finished.Lags.Select(lag => new StreamLineLag(lag.Table, lag.Records, lag.EventTime?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), lag.EventTimeLag?.TotalSeconds))]);
}

/// <summary>How far a table is behind.</summary>
/// <param name="Table">The table.</param>
/// <param name="Records">Records that wait.</param>
/// <param name="EventTime">Event time that was reached; null when that is not known.</param>
/// <param name="EventTimeLagSeconds">From then to now, by the clock.</param>
internal sealed record StreamLineLag(string Table, long Records, string? EventTime, double? EventTimeLagSeconds);

/// <summary>The lines' documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamLine))]
internal sealed partial class StreamLineDocuments : JsonSerializerContext;
