using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Sinks;
using LakehouseLab.Emulation.Sinks.Chunks;
using LakehouseLab.Emulation.Sinks.Kafka;
using LakehouseLab.Emulation.Telemetry;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Opens the sink of an emulation where its data ends.</summary>
internal static class SinkFactory
{
    /// <summary>Opens a sink.</summary>
    /// <exception cref="BrokerException">The Kafka cluster cannot be reached, or refuses something.</exception>
    /// <exception cref="Lakes.LakeException">What was delivered is damaged or gone.</exception>
    public static async Task<IRecordSink> OpenAsync(
        EmulationRequest request, Manifest manifest, ManifestStore manifests, EmulationControl control, CancellationToken cancellationToken)
    {
        string system = manifest.Destination.Name;
        AnswerWatch? watch = control.Unanswered is { } told ? new AnswerWatch(system, control.Clock, told) : null;
        try
        {
            watch?.Begin();
            IRecordSink sink = await OpenSystemAsync(request, manifest, manifests, control, cancellationToken).ConfigureAwait(false);
            watch?.End();
            return new MeasuredSink(sink, system, request.Schema, control.Clock, watch);
        }
        catch
        {
            watch?.Dispose();
            throw;
        }
    }

    private static async Task<IRecordSink> OpenSystemAsync(
        EmulationRequest request, Manifest manifest, ManifestStore manifests, EmulationControl control, CancellationToken cancellationToken)
    {
        if (manifest.Sync == SyncSystem.Kafka)
        {
            return await KafkaSink.OpenAsync(KafkaConnection.Require(control.Variable), request, manifest, control.Clock, cancellationToken).ConfigureAwait(false);
        }

        IObjectStore chunks = manifests.ChunksOf(manifest);
        await chunks.PrepareAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChunkInfo> delivered = await manifests.AdoptChunksAsync(manifest, cancellationToken).ConfigureAwait(false);
        return new ChunkSink(chunks, manifests, manifest, request, delivered, control.Clock);
    }
}
