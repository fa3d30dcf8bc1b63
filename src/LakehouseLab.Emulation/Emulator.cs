using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation;

/// <summary>The use case "emulate": makes a range of rows and delivers it.</summary>
public static class Emulator
{
    /// <summary>Delivers rows into a lake as chunks with a manifest. The same request goes on where the data ends; once all
    /// is there it makes nothing.</summary>
    /// <exception cref="InvalidRequestException">The lake holds another world, or another emulation has some of the rows.</exception>
    public static async Task<EmulationResult> RunAsync(
        EmulationRequest request, Lake lake, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken)
    {
        await lake.BindAsync(request.World.Settings, cancellationToken).ConfigureAwait(false);

        // The lake's own raw folder is the place: its name must not change with the folder's.
        Guid id = request.Emulation ?? EmulationId.Of(request, "local");
        RangeClaim claim = new(id, request.FirstRow, request.Rows);
        await new RangeClaims(lake, request.Schema.Domain).ClaimAsync(claim, cancellationToken).ConfigureAwait(false);
        return await DeliverAsync(request, id, lake.Store, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Delivers rows into a folder that is no lake: the same tree with its manifest, no claim and no world.</summary>
    public static Task<EmulationResult> RunAsync(
        EmulationRequest request, IObjectStore folder, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken) =>
        DeliverAsync(request, request.Emulation ?? EmulationId.Of(request, "folder"), folder, progress, cancellationToken);

    /// <summary>Writes rows to a stream.</summary>
    public static async Task<EmulationResult> RunAsync(
        EmulationRequest request, Stream output, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken)
    {
        Tally tally = new(request, request.FirstRow, progress);
        await new BlockProducer(request, request.FirstRow).RunAsync(
            async block =>
            {
                await output.WriteAsync(block.Bytes.Written, cancellationToken).ConfigureAwait(false);
                tally.Add(block);
            },
            cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return tally.Result(EmulationId.Of(request, "stream"));
    }

    private static async Task<EmulationResult> DeliverAsync(
        EmulationRequest request, Guid id, IObjectStore store, IProgress<EmulationProgress>? progress, CancellationToken cancellationToken)
    {
        ManifestStore manifests = new(store);
        Manifest manifest = await manifests.FindAsync(id, cancellationToken).ConfigureAwait(false)
            ?? new Manifest(
                id, request.World.Settings, request.Schema.Domain, EmulationRequest.Format, request.Labels, request.FirstRow, request.Rows, EmulationState.Running, 0, 0, 0);
        RefuseOther(manifest, request, id);
        IReadOnlyList<ChunkInfo> chunks = await manifests.ListChunksAsync(manifest, cancellationToken).ConfigureAwait(false);
        long nextRow = chunks.Count == 0 ? request.FirstRow : chunks[^1].EndRow;
        Tally tally = new(request, nextRow, progress);
        if (manifest.State == EmulationState.Completed && nextRow == manifest.EndRow)
        {
            return tally.Result(id);
        }

        await manifests.PutAsync(manifest with { State = EmulationState.Running }, cancellationToken).ConfigureAwait(false);
        foreach (ChunkInfo adopted in chunks)
        {
            await manifests.AddPartAsync(id, adopted, cancellationToken).ConfigureAwait(false);
        }

        ChunkDelivery delivery = new(store, manifests, manifest, request.MaxChunkSize, chunks.Count, nextRow);
        await using (delivery.ConfigureAwait(false))
        {
            try
            {
                await new BlockProducer(request, nextRow).RunAsync(
                    async block =>
                    {
                        // Not to be interrupted: a block is delivered whole, so that no record is torn.
                        await delivery.WriteAsync(block.Bytes.Written, block.Rows, CancellationToken.None).ConfigureAwait(false);
                        tally.Add(block);
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Told to the caller once what was made is in order.
            }

            // What is whole is kept, also when interrupted: the last chunk ends at the last row handed over.
            await delivery.CloseAsync(CancellationToken.None).ConfigureAwait(false);
            await manifests.PutAsync(
                manifest with
                {
                    State = delivery.NextRow == manifest.EndRow ? EmulationState.Completed : EmulationState.Cancelled,
                    DeliveredRows = delivery.NextRow - manifest.FirstRow,
                    DeliveredBytes = chunks.Sum(chunk => chunk.Bytes) + delivery.DeliveredBytes,
                    Chunks = delivery.NextChunk,
                },
                CancellationToken.None).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return tally.Result(id);
    }

    private static void RefuseOther(Manifest manifest, EmulationRequest request, Guid id)
    {
        if (manifest.World != request.World.Settings || manifest.Domain != request.Schema.Domain || manifest.Labels != request.Labels
            || manifest.FirstRow != request.FirstRow || manifest.Rows != request.Rows)
        {
            throw new InvalidRequestException(
                $"emulation {id} makes rows {manifest.FirstRow} to {manifest.EndRow - 1} of {manifest.Domain} {(manifest.Labels ? "with" : "without")} labels: it cannot go on as another one, so leave the emulation's id out");
        }
    }

    /// <summary>Adds up what a run made.</summary>
    private sealed class Tally(EmulationRequest request, long nextRow, IProgress<EmulationProgress>? progress)
    {
        private readonly long[] _frauds = new long[8];
        private long _rows;
        private long _bytes;

        public void Add(EncodedBlock block)
        {
            _rows += block.Rows;
            _bytes += block.Bytes.Length;
            for (int rule = 0; rule < _frauds.Length; rule++)
            {
                _frauds[rule] += block.Frauds[rule];
            }

            progress?.Report(new EmulationProgress(request.Schema, nextRow - request.FirstRow + _rows, request.Rows, _rows, _bytes));
        }

        public EmulationResult Result(Guid id) => new(
            request.Schema, id, request.FirstRow, request.Rows, _rows, _bytes,
            Enum.GetValues<FraudRule>().Where(rule => rule != FraudRule.None && _frauds[(int)rule] > 0).ToDictionary(rule => rule, rule => _frauds[(int)rule]));
    }
}
