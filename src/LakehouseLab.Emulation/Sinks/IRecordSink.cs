using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Sinks;

/// <summary>Takes the records of one emulation in order and makes them durable and visible, each once.</summary>
internal interface IRecordSink : IAsyncDisposable
{
    /// <summary>Rows that this sink has made durable and visible since it was opened.</summary>
    long DeliveredRows { get; }

    /// <summary>Their bytes.</summary>
    long DeliveredBytes { get; }

    /// <summary>Bytes that earlier runs delivered.</summary>
    long EarlierBytes { get; }

    /// <summary>Chunks that are there, those of earlier runs among them.</summary>
    int Chunks { get; }

    /// <summary>The row after the last that is durable and visible.</summary>
    long NextRow { get; }

    /// <summary>Tells the place from another that later has the same name; null when names are enough.</summary>
    string? PlaceId { get; }

    /// <summary>When what was written must be flushed at the latest, as a timestamp of the clock; null when nothing waits.</summary>
    long? FlushDue { get; }

    /// <summary>Takes records, which follow those before without a gap unless it was flushed in between.</summary>
    ValueTask WriteAsync(BlockSlice records, CancellationToken cancellationToken);

    /// <summary>Makes all records that were written durable and visible.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
