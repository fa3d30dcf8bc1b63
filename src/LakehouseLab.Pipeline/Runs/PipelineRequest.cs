using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Spark;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>What a pipeline run is asked for.</summary>
public sealed record PipelineRequest
{
    /// <summary>The models.</summary>
    public ModelCatalog Catalog { get; init; } = ModelCatalog.BuiltIn;

    /// <summary>Models as dbt selects them, or null for all.</summary>
    public string? Select { get; init; }

    /// <summary>Whether tables are recomputed from all of their input.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>The Spark that runs the models; null for the embedded engine.</summary>
    public SparkOptions? Spark { get; init; }

    /// <summary>Name of the engine that runs the models.</summary>
    internal string EngineName => Spark is null ? DuckDbEngine.EngineName : SparkEngine.EngineName;

    /// <summary>Whether tables that another engine writes become those of the engine that runs the models.</summary>
    public bool TakesOver { get; init; }

    /// <summary>First day that partitioned tables recompute besides what is new, or null.</summary>
    public DateOnly? FromDay { get; init; }

    /// <summary>The day after the last of them; with <see cref="FromDay"/> only.</summary>
    public DateOnly? ToDay { get; init; }

    /// <summary>Where new records are taken from.</summary>
    public RecordSource Source { get; init; } = RecordSource.Named;

    /// <summary>The Kafka cluster; null when there is none.</summary>
    public ITopicLog? Topics { get; init; }

    /// <summary>Whether offsets that were lost before they were ingested are recorded as such, instead of refused.</summary>
    public bool AcceptLostOffsets { get; init; }

    /// <summary>Whether the new content of raw objects that changed after their ingestion is ingested too, as new records.</summary>
    public bool Reingest { get; init; }

    /// <summary>What Silver does with foreign records from now on; null for what the lake says.</summary>
    public ForeignTreatment? Foreign { get; init; }

    /// <summary>Offsets of topics that one batch of Bronze ingests at most.</summary>
    public long BatchOffsets { get; init; } = TopicIntake.DefaultBatchOffsets;

    /// <summary>Whether the run takes one batch of topics into each Bronze table, however much there is.</summary>
    public bool IsOneBatch { get; init; }

    /// <summary>Threads, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes of memory that DuckDB may take.</summary>
    public long MemoryLimit { get; init; } = DuckDbOptions.DefaultMemoryLimit;
}
