using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Sinks.Kafka;

/// <summary>Delivers records as messages of a topic, one each, in batches that end with the emulation's position.</summary>
internal sealed class KafkaSink : IRecordSink
{
    private const int RowsPerBatch = 50_000;
    private const int BytesPerBatch = 8 << 20;
    private const double SecondsPerBatch = 1;

    private readonly MessageBatches _batches;
    private readonly TimeProvider _clock;
    private long _openedAt;
    private long _nextRow;
    private long _bytes;
    private long _rows;

    private KafkaSink(MessageBatches batches, Manifest manifest, string topicId, long nextRow, TimeProvider clock)
    {
        _batches = batches;
        _clock = clock;
        PlaceId = topicId;
        NextRow = nextRow;
        EarlierBytes = manifest.DeliveredBytes;
    }

    /// <inheritdoc/>
    public long DeliveredRows { get; private set; }

    /// <inheritdoc/>
    public long DeliveredBytes { get; private set; }

    /// <inheritdoc/>
    public long EarlierBytes { get; }

    /// <inheritdoc/>
    public int Chunks => 0;

    /// <inheritdoc/>
    public long NextRow { get; private set; }

    /// <inheritdoc/>
    public string? PlaceId { get; }

    /// <inheritdoc/>
    public long? FlushDue => _rows == 0 ? null : _openedAt + (long)(SecondsPerBatch * _clock.TimestampFrequency);

    /// <summary>Opens the topic, which is made when there is none, and finds out where the emulation's data ends.</summary>
    /// <exception cref="BrokerException">The cluster cannot be reached, or refuses something.</exception>
    /// <exception cref="LakeException">The topic, or the position in it, is not the one that the manifest speaks of.</exception>
    public static async Task<KafkaSink> OpenAsync(
        KafkaConnection connection, EmulationRequest request, Manifest manifest, TimeProvider clock, CancellationToken cancellationToken)
    {
        string topic = manifest.Location!;
        string topicId = await TopicCreation.EnsureAsync(connection, topic, request.Topic, cancellationToken).ConfigureAwait(false);
        if (manifest.PlaceId is { } known && known != topicId)
        {
            throw new LakeException($"topic {topic} at Kafka {connection.BootstrapServers} was deleted and recreated since emulation {manifest.Id} began, so what it delivered is gone: begin a new emulation of the rows that you need");
        }

        MessageBatches batches = request.Delivery == DeliveryGuarantee.ExactlyOnce
            ? new TransactionalBatches(connection, topic, manifest.Id, request)
            : new AcknowledgedBatches(connection, topic, manifest.Id, request);
        try
        {
            long? position = await Task.Run(batches.Begin, cancellationToken).ConfigureAwait(false);
            if (position is null && manifest.DeliveredRows > 0)
            {
                throw new LakeException($"emulation {manifest.Id} delivered {manifest.DeliveredRows:#,0} rows to topic {topic}, but Kafka {connection.BootstrapServers} has forgotten how far it was (group {EmulationPosition.GroupOf(manifest.Id)} has expired or was deleted): begin a new emulation of the rows that you need");
            }

            return new KafkaSink(batches, manifest, topicId, position ?? manifest.FirstRow, clock);
        }
        catch
        {
            await batches.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken)
    {
        while (records.Count > 0)
        {
            if (_rows == 0)
            {
                _openedAt = _clock.GetTimestamp();
            }

            int count = Math.Clamp(records.LinesThatFit(BytesPerBatch - _bytes), 1, (int)Math.Min(records.Count, RowsPerBatch - _rows));
            _batches.Add(records.Take(count));
            _rows += count;
            _bytes += records.Take(count).Lines.Length - count;
            records = records.Skip(count);
            _nextRow = records.FirstRow;
            if (_rows >= RowsPerBatch || _bytes >= BytesPerBatch)
            {
                await CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows > 0)
        {
            await CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _batches.DisposeAsync();

    private async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await _batches.CommitAsync(_nextRow, cancellationToken).ConfigureAwait(false);
        DeliveredRows += _rows;
        DeliveredBytes += _bytes;
        NextRow = _nextRow;
        _rows = 0;
        _bytes = 0;
    }
}
