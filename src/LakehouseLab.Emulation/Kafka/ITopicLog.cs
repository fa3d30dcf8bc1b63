namespace LakehouseLab.Emulation.Kafka;

/// <summary>The topics of a cluster, as readers see them that skip what transactions aborted. Thread-safe.</summary>
public interface ITopicLog
{
    /// <summary>Finds a topic.</summary>
    /// <returns>The topic as it is now, or null when there is none.</returns>
    /// <exception cref="BrokerException">The cluster cannot say.</exception>
    Task<TopicState?> FindAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Finds out how far an emulation is in a topic.</summary>
    /// <returns>Its next row, or null when it has no position there.</returns>
    /// <exception cref="BrokerException">The cluster cannot say.</exception>
    Task<long?> FindPositionAsync(string topic, Guid emulation, CancellationToken cancellationToken);

    /// <summary>Waits until something new is committed.</summary>
    /// <param name="topics">The topics as they were.</param>
    /// <param name="patience">How long it waits at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>A cluster that cannot be reached is waited for like one that has nothing new.</remarks>
    Task WaitAsync(IReadOnlyCollection<TopicState> topics, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Begins to read committed records.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="spans">What of it, not empty, one span for each partition; the ends must not be beyond the last stable offsets.</param>
    ITopicReader Open(string topic, IReadOnlyList<OffsetSpan> spans);
}

/// <summary>Reads spans of a topic's partitions once, those of one partition in order. Not thread-safe.</summary>
public interface ITopicReader : IDisposable
{
    /// <summary>Reads the next message; waits for it if need be.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one; the spans are read when there was none.</returns>
    /// <exception cref="BrokerException">The cluster cannot be read, or has records of the spans no more.</exception>
    bool TryRead(out TopicMessage message, CancellationToken cancellationToken);
}
