using LakehouseLab.Pipeline.Bronze.Topics;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>Where an ingestion takes new records from.</summary>
/// <param name="Raw">Whether it takes raw objects.</param>
/// <param name="Topics">What it takes from topics; null when there is no cluster.</param>
public sealed record BronzeSources(bool Raw, TopicIntake? Topics)
{
    /// <summary>Raw objects alone.</summary>
    public static BronzeSources RawOnly { get; } = new(true, null);

    /// <summary>Whether the new content of raw objects that changed after their ingestion is ingested too, as new records.</summary>
    public bool Reingest { get; init; }
}
