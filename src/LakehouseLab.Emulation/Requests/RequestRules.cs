using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Emulation.Requests;

/// <summary>What does not go together in a request, whoever makes it.</summary>
public static class RequestRules
{
    /// <summary>Finds all that does not go together.</summary>
    /// <param name="options">How records are made and delivered.</param>
    /// <param name="rows">How many rows were asked for; null when that is open.</param>
    /// <returns>Each problem with the field that it is about, in snake_case.</returns>
    public static IEnumerable<(string Field, string Problem)> Find(EmulationOptions options, long? rows)
    {
        if (options.Destination.Sync == SyncSystem.Kafka)
        {
            if (options.Format.Format != RecordFormat.Json)
            {
                yield return ("format", $"{options.Format.Name} is not for kafka: a message is one record, as json");
            }

            if (options.Format.Compression != RecordCompression.None)
            {
                yield return ("compression", $"{options.Format.CompressionName} is not for kafka: its batches are compressed by the producer, as LAKELAB_KAFKA_COMPRESSION says");
            }
        }
        else if (options.SyncType == SyncType.Single && rows is null or > EmulationOptions.MaxSingleRows)
        {
            yield return ("sync_type", $"single makes an object of each record, so it needs rows, and at most {EmulationOptions.MaxSingleRows} of them");
        }

        if (options.Format is { Format: RecordFormat.Parquet, Compression: not RecordCompression.None })
        {
            yield return ("compression", $"{options.Format.CompressionName} is not for parquet, which compresses by itself");
        }
    }
}
