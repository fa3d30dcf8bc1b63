using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>How far event time is in what was delivered, while rows that were handed over wait to be. Not thread-safe.</summary>
internal sealed class DeliveredTime
{
    private readonly Queue<(long EndRow, long EventTime)> _waiting = new();
    private long? _reached;

    /// <summary>Rows were handed over.</summary>
    public void Add(BlockSlice slice) =>
        _waiting.Enqueue((slice.FirstRow + slice.Count, slice.Block.EventTimes[slice.First + slice.Count - 1]));

    /// <summary>The event time that delivered rows have reached, in Unix milliseconds; null before the first.</summary>
    /// <param name="nextRow">The row after the last that was delivered.</param>
    public long? At(long nextRow)
    {
        while (_waiting.TryPeek(out (long EndRow, long EventTime) slice) && slice.EndRow <= nextRow)
        {
            _reached = slice.EventTime;
            _waiting.Dequeue();
        }

        return _reached;
    }
}
