using LakehouseLab.Pipeline.Bronze.Batches;

namespace LakehouseLab.Pipeline.Bronze.Replays;

/// <summary>A repaired record and the batch of Bronze that it is in.</summary>
/// <param name="Record">The record.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="IsKnown">Whether the batch was recorded before it was asked for.</param>
public sealed record ReplayResult(ReplayedRecord Record, long Batch, bool IsKnown)
{
    /// <summary>The replays of a quarantined record that batches have recorded, in their order.</summary>
    /// <param name="id">The quarantined record; null for all.</param>
    /// <param name="recorded">The batches.</param>
    internal static IReadOnlyList<ReplayResult> Of(string? id, IReadOnlyList<BronzeInputs> recorded) =>
    [
        .. recorded.Index().SelectMany(batch => (batch.Item.Replayed ?? []).Select(record => new ReplayResult(record, batch.Index, IsKnown: true)))
            .Where(replay => id is null || replay.Record.Id == id),
    ];
}
