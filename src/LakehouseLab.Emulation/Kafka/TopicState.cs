namespace LakehouseLab.Emulation.Kafka;

/// <summary>A topic as it is at a moment.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Id">Its id: a topic that was deleted and recreated has another one, and counts its offsets from the start.</param>
/// <param name="Partitions">Its partitions, in order.</param>
public sealed record TopicState(string Topic, string Id, IReadOnlyList<PartitionState> Partitions);

/// <summary>A partition as it is at a moment.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Start">Offset of the oldest record that is kept.</param>
/// <param name="End">The last stable offset: what is before it is committed or aborted for good.</param>
public sealed record PartitionState(int Partition, long Start, long End);

/// <summary>Offsets of one partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="From">First offset.</param>
/// <param name="Until">The offset after the last.</param>
public readonly record struct OffsetSpan(int Partition, long From, long Until)
{
    /// <summary>How many offsets; at least as many as there are records.</summary>
    public long Length => Until - From;
}

/// <summary>A message as it was received.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Its timestamp in Unix milliseconds; null when it has none.</param>
/// <param name="Key">Its key; null when it has none.</param>
/// <param name="Value">Its value; null in a tombstone.</param>
/// <param name="Header">What its header says; null when it has none of ours.</param>
public readonly record struct TopicMessage(int Partition, long Offset, long? Timestamp, byte[]? Key, byte[]? Value, RecordHeader? Header);
