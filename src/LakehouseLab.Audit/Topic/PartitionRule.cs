namespace LakehouseLab.Audit.Topic;

/// <summary>
/// By which number of partitions keys were put into a topic's partitions. A topic may have grown: then rows follow from the number before up to some row, and none
/// of them is in a partition that was added. Not thread-safe.
/// </summary>
/// <param name="before">The number before; the present one if the topic did not grow.</param>
/// <param name="partitions">The present number.</param>
internal sealed class PartitionRule(int before, int partitions)
{
    private long _lastBefore = -1;
    private long _firstBehind = long.MaxValue;

    /// <summary>Messages that neither number puts where they are.</summary>
    public long Violations { get; private set; }

    /// <summary>Whether the topic can have grown from the number before.</summary>
    public bool IsPossible => _lastBefore < _firstBehind;

    /// <summary>Learns where a message is.</summary>
    /// <param name="hash">Hash of its key.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="row">The row that it is.</param>
    public void Learn(int hash, int partition, long row)
    {
        if (hash % partitions != partition)
        {
            bool fits = hash % before == partition;
            _lastBefore = fits ? Math.Max(_lastBefore, row) : _lastBefore;
            Violations += fits ? 0 : 1;
        }

        if (partition >= before)
        {
            _firstBehind = Math.Min(_firstBehind, row);
        }
    }

    /// <summary>Whether a message is where its key puts it.</summary>
    public bool Allows(int hash, int partition) => hash % partitions == partition || hash % before == partition;
}
