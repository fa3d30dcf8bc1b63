namespace LakehouseLab.Emulation.Kafka;

/// <summary>Reads spans of a topic; after an outage it goes on behind the last message that came of each partition.</summary>
/// <param name="log">The cluster.</param>
/// <param name="topic">The topic.</param>
/// <param name="spans">What of it.</param>
/// <param name="outage">Tells how long it waits.</param>
internal sealed class PatientTopicReader(ITopicLog log, string topic, IReadOnlyList<OffsetSpan> spans, ClusterOutage outage) : ITopicReader
{
    private readonly Dictionary<int, OffsetSpan> _left = spans.ToDictionary(span => span.Partition);
    private ITopicReader? _reader = log.Open(topic, spans);

    /// <inheritdoc/>
    public bool TryRead(out TopicMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return TryReadOn(out message, cancellationToken);
            }
            catch (BrokerException exception) when (outage.MayWait(exception))
            {
                _reader?.Dispose();
                _reader = null;
                outage.PauseAsync(cancellationToken).GetAwaiter().GetResult();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    private bool TryReadOn(out TopicMessage message, CancellationToken cancellationToken)
    {
        if (_reader is null)
        {
            OffsetSpan[] rest = [.. _left.Values.Where(span => span.From < span.Until)];
            if (rest.Length == 0)
            {
                message = default;
                return false;
            }

            _reader = log.Open(topic, rest);
        }

        bool isRead = _reader.TryRead(out message, cancellationToken);
        outage.End();
        if (isRead)
        {
            _left[message.Partition] = _left[message.Partition] with { From = message.Offset + 1 };
        }

        return isRead;
    }
}
