using System.ComponentModel;

namespace LakehouseLab.Server.Lakes;

/// <summary>What a pipeline run was asked for.</summary>
internal sealed record PipelineRunSettings
{
    /// <summary>An ordinary incremental run.</summary>
    public static PipelineRunSettings Default { get; } = new() { Engine = "duckdb" };

    [Description("What runs the models.")]
    public required string Engine { get; init; }

    [Description("Which records come into Bronze; absent for those that the lake's manifests name.")]
    public string? Source { get; init; }

    [Description("The models that are run; absent for all.")]
    public string? Select { get; init; }

    [Description("Whether tables are recomputed from all of their input.")]
    public bool FullRefresh { get; init; }

    [Description("Whether the new content of raw objects that changed after their ingestion is ingested too.")]
    public bool Reingest { get; init; }

    [Description("What Silver does with messages of other lakes and domains; absent for what it did before.")]
    public string? Foreign { get; init; }
}
