using System.ComponentModel;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Server.Lakes;

/// <summary>How far a running pipeline run or audit is.</summary>
internal sealed record LakeTaskProgress(
    [property: Description("The table that is worked on, or what is waited for.")] string Step,
    [property: Description("What is done of it.")] long Done,
    [property: Description("What there is to do; 0 when that is not known.")] long Total)
{
    [Description("What came into the Bronze tables that are done; absent in an audit.")]
    public IReadOnlyList<BronzeOutcome>? Bronze { get; init; }

    [Description("What the models did that are done; absent in an audit.")]
    public IReadOnlyList<ModelOutcome>? Models { get; init; }

    /// <summary>It waits for a system that is away.</summary>
    public static LakeTaskProgress Waiting(string reason) => new($"waiting: {reason}", 0, 0);

    /// <summary>How far a pipeline run is that was here before.</summary>
    public static LakeTaskProgress After(LakeTaskProgress? before, PipelineProgress value) => new(value.Step, value.Done, value.Total)
    {
        Bronze = value.Ingested is { } ingested ? [.. before?.Bronze ?? [], ingested] : before?.Bronze ?? [],
        Models = value.Finished is { } finished ? [.. before?.Models ?? [], finished] : before?.Models ?? [],
    };
}
