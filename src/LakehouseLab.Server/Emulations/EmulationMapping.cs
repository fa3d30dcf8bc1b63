using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Pacing;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;

namespace LakehouseLab.Server.Emulations;

/// <summary>Puts settings as clients see them into the words of the use case.</summary>
internal static class EmulationMapping
{
    /// <summary>How records are made and delivered; when they end is not among it.</summary>
    public static EmulationOptions ToOptions(this EmulationSettings settings) => new()
    {
        Labels = settings.Labels == "inline",
        Threads = settings.Threads,
        Format = FormatOf(settings),
        Destination = DestinationOf(settings),
        SyncType = Enum.Parse<SyncType>(settings.SyncType, ignoreCase: true),
        MaxChunkSize = settings.MaxChunkSize ?? EmulationOptions.DefaultMaxChunkSize,
        FlushInterval = settings.FlushInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Pace = Pace.Parse(settings.Rate),
        Delivery = settings.Delivery == "at_least_once" ? DeliveryGuarantee.AtLeastOnce : DeliveryGuarantee.ExactlyOnce,
        Headers = settings.Headers ?? true,
    };

    // A message is one record as JSON, whatever format its client sends along.
    private static ChunkFormat FormatOf(EmulationSettings settings) =>
        ChunkFormat.TryParse(settings.EmulatorSync == StartEmulationFields.Kafka ? ChunkFormat.Json.Name : settings.FormatType, settings.Compression ?? "none")
            ?? throw new ArgumentException($"format {settings.FormatType}, compression {settings.Compression}", nameof(settings));

    private static Destination DestinationOf(EmulationSettings settings) => settings.EmulatorSync switch
    {
        StartEmulationFields.Kafka => new Destination(SyncSystem.Kafka, settings.Topic),
        StartEmulationFields.Minio => new Destination(SyncSystem.Minio, settings.Prefix is null ? $"s3://{settings.Bucket}" : $"s3://{settings.Bucket}/{settings.Prefix}"),
        _ => Destination.Lake,
    };
}
