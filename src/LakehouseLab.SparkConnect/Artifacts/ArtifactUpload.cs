using System.Globalization;
using System.IO.Hashing;
using Google.Protobuf;
using Grpc.Core;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Artifacts;

/// <summary>Sends a file to the session, in chunks with checksums; from its beginning again when the connection fails.</summary>
/// <param name="calls">The session's calls.</param>
/// <param name="name">The file's name among the session's files.</param>
/// <param name="content">The file, from its beginning.</param>
internal sealed class ArtifactUpload(ServerCalls calls, string name, Stream content)
{
    // Spark's own clients send this much at once; far more is over the limit of its messages.
    private const int ChunkSize = 32 * 1024;

    private string FullName => $"files/{name}";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Outage outage = calls.NewOutage();
        while (await TryAsync(cancellationToken) is { } failure)
        {
            if (await calls.MeaningAsync(failure) is { } meaning)
            {
                throw meaning;
            }

            await outage.PauseAsync(failure, cancellationToken);
        }
    }

    // The failure of the connection; null: it arrived.
    private async Task<RpcException?> TryAsync(CancellationToken cancellationToken)
    {
        TimeSpan timeout = calls.Options.CallTimeout;
        using CancellationTokenSource silence = new(Timeout.InfiniteTimeSpan, calls.Options.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using AsyncClientStreamingCall<AddArtifactsRequest, AddArtifactsResponse> call = calls.Client.AddArtifacts(calls.CallOptions(either.Token));
            await foreach (AddArtifactsRequest request in RequestsAsync(cancellationToken))
            {
                silence.CancelAfter(timeout);
                await call.RequestStream.WriteAsync(request, CancellationToken.None);
            }

            silence.CancelAfter(timeout);
            await call.RequestStream.CompleteAsync();
            AddArtifactsResponse response = await call;
            calls.Session.Observe(response);
            return response.Artifacts.All(static artifact => artifact.IsCrcSuccessful)
                ? null
                : new RpcException(new Grpc.Core.Status(StatusCode.DataLoss, $"{name} arrived damaged"));
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException exception)
        {
            return silence.IsCancellationRequested
                ? new RpcException(new Grpc.Core.Status(StatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"it took nothing of {name} for {timeout.TotalSeconds:0.#} s")))
                : exception;
        }
    }

    private async IAsyncEnumerable<AddArtifactsRequest> RequestsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        content.Position = 0;
        long chunks = (content.Length + ChunkSize - 1) / ChunkSize;
        byte[] buffer = new byte[ChunkSize];
        AddArtifactsRequest.Types.ArtifactChunk first = await ReadAsync();
        if (chunks <= 1)
        {
            // Spark takes a chunked file to be unfinished until a second chunk comes.
            AddArtifactsRequest.Types.Batch batch = new() { Artifacts = { new AddArtifactsRequest.Types.SingleChunkArtifact { Name = FullName, Data = first } } };
            yield return calls.Session.Sign(new AddArtifactsRequest { Batch = batch });
            yield break;
        }

        yield return calls.Session.Sign(new AddArtifactsRequest
        {
            BeginChunk = new AddArtifactsRequest.Types.BeginChunkedArtifact { Name = FullName, TotalBytes = content.Length, NumChunks = chunks, InitialChunk = first },
        });
        for (long chunk = 1; chunk < chunks; chunk++)
        {
            yield return calls.Session.Sign(new AddArtifactsRequest { Chunk = await ReadAsync() });
        }

        async Task<AddArtifactsRequest.Types.ArtifactChunk> ReadAsync()
        {
            int length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return new AddArtifactsRequest.Types.ArtifactChunk { Data = ByteString.CopyFrom(buffer, 0, length), Crc = Crc32.HashToUInt32(buffer.AsSpan(0, length)) };
        }
    }
}
