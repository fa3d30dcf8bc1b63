using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.S3;

/// <summary>A server that dies or stands still in the middle of an upload: the failure is told, nothing half is seen, and it goes on afterwards.</summary>
public sealed class OutageTests
{
    private const int PartSize = 5 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_ServerKilledThenStarted_FailsAsUnavailableAndThenSucceeds()
    {
        (OwnStack server, MinioServer minio) = await StartAsync();
        await using OwnStack own = server;
        using TemporaryFolder cache = new();
        S3Store store = await minio.NewStoreAsync(cache, static options => options with { PartSize = PartSize, Retries = 1 });
        byte[] content = new byte[3 * PartSize];
        await using (ObjectWriter writer = await store.CreateAsync("chunk", Cancellation))
        {
            await writer.WriteAsync(content, Cancellation);
            await server.DoAsync("kill", "minio");
            StorageException failure = await Assert.ThrowsAsync<StorageException>(async () =>
            {
                await writer.WriteAsync(content, Cancellation);
                await writer.TryCompleteAsync(Cancellation);
            });
            Assert.True(failure.IsUnavailable, failure.Message);
            Assert.Contains("cannot be reached (connection refused): start it, or correct S3_ENDPOINT", failure.Message, StringComparison.Ordinal);
            Assert.True((await Assert.ThrowsAsync<StorageException>(() => store.ReadAsync("chunk", Cancellation).AsTask())).IsUnavailable);
        }

        await server.DoAsync("up", "minio");
        Assert.Null(await store.FindAsync("chunk", Cancellation));
        Assert.True(await WriteAsync(store, content));
        Assert.Equal(content.Length, (await store.FindAsync("chunk", Cancellation))?.Length);
    }

    [Fact]
    public async Task Write_ServerPaused_WaitsForItOrFailsInTime()
    {
        (OwnStack server, MinioServer minio) = await StartAsync();
        await using OwnStack own = server;
        using TemporaryFolder cache = new();
        S3Store patient = await minio.NewStoreAsync(cache, static options => options with { PartSize = PartSize });
        S3Store hasty = new(S3Location.Parse(patient.Location), minio.Options(cache) with { AttemptTimeout = TimeSpan.FromSeconds(1), Retries = 1 });
        byte[] content = [.. Enumerable.Range(0, (2 * PartSize) + 1).Select(static number => unchecked((byte)number))];
        await using ObjectWriter writer = await patient.CreateAsync("chunk", Cancellation);
        await writer.WriteAsync(content, Cancellation);
        await server.DoAsync("pause", "minio");
        Task<bool> completion = writer.TryCompleteAsync(Cancellation).AsTask();
        StorageException failure = await Assert.ThrowsAsync<StorageException>(() => hasty.TryPutAsync("other", new byte[1], Cancellation).AsTask());
        Assert.True(failure.IsUnavailable, failure.Message);
        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
        Assert.False(completion.IsCompleted);

        await server.DoAsync("resume", "minio");
        Assert.True(await completion);
        Assert.Equal(content, await patient.ReadAsync("chunk", Cancellation));

        // Its first attempts may have been done by the server when it woke up: then the object is another's, and not half.
        await hasty.TryPutAsync("other", new byte[1], Cancellation);
        Assert.Equal(new byte[1], await hasty.ReadAsync("other", Cancellation));
    }

    private static async Task<bool> WriteAsync(S3Store store, byte[] content)
    {
        await using ObjectWriter writer = await store.CreateAsync("chunk", Cancellation);
        await writer.WriteAsync(content, Cancellation);
        return await writer.TryCompleteAsync(Cancellation);
    }

    // For the credentials, which are the same in every instance.
    private static async Task<(OwnStack Stack, MinioServer Minio)> StartAsync()
    {
        await MinioServer.FindAsync();
        OwnStack stack = await OwnStack.StartAsync("minio");
        return (stack, new MinioServer(new Uri(stack.Environment["S3_ENDPOINT"])));
    }
}
