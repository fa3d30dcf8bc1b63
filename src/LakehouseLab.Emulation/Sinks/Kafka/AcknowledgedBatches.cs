using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Requests;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Batches whose messages are acknowledged by all replicas before the position is written: nothing is lost, and what
/// was written after the last position is written again by the next run.</summary>
internal sealed class AcknowledgedBatches(KafkaConnection connection, string topic, Guid emulation, EmulationRequest request)
    : MessageBatches(connection, topic, emulation, request, static _ => { })
{
    /// <inheritdoc/>
    public override long? Begin() => Position.Read();

    /// <inheritdoc/>
    protected override void Open()
    {
        // Messages alone make a batch.
    }

    /// <inheritdoc/>
    protected override void Commit(long nextRow, CancellationToken cancellationToken)
    {
        Producer.Flush(cancellationToken);
        Position.Write(nextRow);
    }

    /// <inheritdoc/>
    protected override void Abandon()
    {
        // What is in the topic stays there.
    }
}
