using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Reports;

/// <summary>What a pipeline run did.</summary>
/// <param name="Id">The run: when it began, as yyyyMMddTHHmmssfffZ.</param>
/// <param name="Engine">The engine that ran the models.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Bronze">What came into Bronze.</param>
/// <param name="Models">What each model did, in order.</param>
public sealed record PipelineReport(
    string Id,
    string Engine,
    DateTimeOffset StartedAt,
    double Seconds,
    IReadOnlyList<BronzeOutcome> Bronze,
    IReadOnlyList<ModelOutcome> Models)
{
    /// <summary>Where the engine had records decoded; null for the one place of an embedded engine.</summary>
    public string? Decode { get; init; }

    /// <summary>What failed, one sentence each, so that tables are behind.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Failures =>
    [
        .. Bronze.Where(bronze => bronze.Failure is not null).Select(bronze => $"{bronze.Table}: {bronze.Failure}"),
        .. Models.Where(model => model.State == ModelState.Failed).Select(model => $"{model.Table}: {model.Note}"),
    ];

    /// <summary>Whether rows break what is expected of them, or raw objects wait or have changed after their ingestion.</summary>
    [JsonIgnore]
    public bool FoundWanting => Models.Any(model => model.FoundWanting) || Bronze.SelectMany(bronze => bronze.Remarks).Any(remark => remark.IsFinding);
}

/// <summary>What a run ingested into a Bronze table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Objects">Raw objects.</param>
/// <param name="Records">Records.</param>
/// <param name="Bytes">Bytes of the records.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record BronzeOutcome(string Table, long Objects, long Records, long Bytes, double Seconds, string? Failure)
{
    /// <summary>Event time of the newest message that came from topics, as far as is known.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Raw objects that are not in Bronze as they are now, and why.</summary>
    public IReadOnlyList<ObjectRemark> Remarks { get; init; } = [];
}

/// <summary>How far a pipeline run is.</summary>
/// <param name="Step">The table that is being worked on.</param>
/// <param name="Done">What is done of it.</param>
/// <param name="Total">What there is to do; 0 when that is not known.</param>
public readonly record struct PipelineProgress(string Step, long Done, long Total)
{
    /// <summary>What came into the Bronze table that is now done; null when none is.</summary>
    public BronzeOutcome? Ingested { get; init; }

    /// <summary>What the model did that is now done; null when none is.</summary>
    public ModelOutcome? Finished { get; init; }
}

/// <summary>The run history's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PipelineReport))]
[JsonSerializable(typeof(IReadOnlyList<ObjectRemark>))]
public sealed partial class RunDocuments : JsonSerializerContext;
