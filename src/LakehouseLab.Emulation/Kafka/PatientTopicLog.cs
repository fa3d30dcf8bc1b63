namespace LakehouseLab.Emulation.Kafka;

/// <summary>
/// Topics of a cluster that may be away or restarting: each call is repeated until it succeeds or the cluster has been away for
/// too long, and a reader goes on behind the last message that it read. What waiting cannot mend fails at once.
/// </summary>
/// <param name="log">The cluster.</param>
/// <param name="patience">How long it may be away on end; null for as long as nobody cancels.</param>
/// <param name="clock">The clock.</param>
/// <param name="tell">Is told in one sentence why it waits, once an outage.</param>
public sealed class PatientTopicLog(ITopicLog log, TimeSpan? patience, TimeProvider clock, Action<string> tell) : ITopicLog
{
    private readonly ClusterOutage _outage = new(patience, clock, tell);

    /// <summary>How long a command waits for a cluster.</summary>
    public static TimeSpan OfCommands { get; } = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public Task<TopicState?> FindAsync(string topic, CancellationToken cancellationToken) =>
        RepeatAsync(() => log.FindAsync(topic, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> FindPositionAsync(string topic, Guid emulation, CancellationToken cancellationToken) =>
        RepeatAsync(() => log.FindPositionAsync(topic, emulation, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task WaitAsync(IReadOnlyCollection<TopicState> topics, TimeSpan patience, CancellationToken cancellationToken) =>
        log.WaitAsync(topics, patience, cancellationToken);

    /// <inheritdoc/>
    public ITopicReader Open(string topic, IReadOnlyList<OffsetSpan> spans) => new PatientTopicReader(log, topic, spans, _outage);

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                T answer = await call().ConfigureAwait(false);
                _outage.End();
                return answer;
            }
            catch (BrokerException exception) when (_outage.MayWait(exception))
            {
                await _outage.PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
