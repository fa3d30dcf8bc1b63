using LakehouseLab.Storage;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Emulation.Destinations;

/// <summary>Opens the stores that chunks are in.</summary>
internal static class ChunkStores
{
    /// <summary>The store of a destination.</summary>
    /// <param name="destination">The destination; a topic has no chunks.</param>
    /// <param name="lake">The store of the lake.</param>
    public static IObjectStore Open(Destination destination, IObjectStore lake) => destination.Sync switch
    {
        SyncSystem.Local => lake,
        SyncSystem.Kafka => throw new ArgumentOutOfRangeException(nameof(destination), destination, "a topic has no chunks"),
        _ => destination.Location == lake.Location ? lake : OpenS3(destination.Location!),
    };

    private static IObjectStore OpenS3(string location)
    {
        try
        {
            return ObjectStores.Open(location);
        }
        catch (StorageLocationException exception)
        {
            throw new InvalidRequestException(exception.Message, exception);
        }
    }
}
