using LakehouseLab.Emulation.Formats;

namespace LakehouseLab.Emulation.Kafka;

/// <summary>Batches of messages, each ended by the emulation's position. Not thread-safe.</summary>
internal interface IMessageBatches : IAsyncDisposable
{
    /// <summary>Takes the topic over from a producer of the same emulation that may still be there, and reads the position. Blocks.</summary>
    /// <returns>The next row, or null when there is no position.</returns>
    long? Begin();

    /// <summary>Adds records to the open batch.</summary>
    ValueTask AddAsync(BlockSlice records, CancellationToken cancellationToken);

    /// <summary>Ends the batch: all of its messages are in the topic, and the position is the row after them.</summary>
    ValueTask CommitAsync(long nextRow, CancellationToken cancellationToken);
}
