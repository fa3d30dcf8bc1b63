namespace LakehouseLab.Audit.Accounts;

/// <summary>Consecutive offsets that one micro-batch of a stream of Spark ingested from a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="TopicId">Its id.</param>
/// <param name="Partition">The partition.</param>
/// <param name="From">First offset: the one after those of the micro-batch before.</param>
/// <param name="Until">The offset after the last.</param>
/// <param name="Batch">The micro-batch, as its rows name it.</param>
internal sealed record StreamedSpan(string Topic, string TopicId, int Partition, long From, long Until, long Batch)
{
    /// <summary>The partition's name in <c>_source</c>.</summary>
    public string Source => FormattableString.Invariant($"{Topic}-{Partition}");
}
