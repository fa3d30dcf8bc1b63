using System.Globalization;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.S3;

/// <summary>The store's contract on a real server.</summary>
public sealed class S3StoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryPut_SeveralAtOnce_ExactlyOneSucceedsAndIsFound()
    {
        const int Writers = 6;
        using TemporaryFolder cache = new();
        S3Store store = await (await MinioServer.FindAsync()).NewStoreAsync(cache);
        for (int round = 0; round < 40; round++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"objects/{round}");

            // The same bytes from all: whose object it is must not be told by its content.
            bool[] won = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => store.TryPutAsync(key, new byte[] { 1 }, Cancellation).AsTask()));
            Assert.Single(won, static winner => winner);
            Assert.Equal(new byte[] { 1 }, await store.ReadAsync(key, Cancellation));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartSize - 1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 1)]
    [InlineData((3 * PartSize) - 1)]
    [InlineData(3 * PartSize)]
    [InlineData((7 * PartSize) + 12_345)]
    public async Task Create_SizesAroundPartEdges_AreReadBackWholeAndFromAnyPlace(int size)
    {
        using TemporaryFolder cache = new();
        S3Store store = await (await MinioServer.FindAsync()).NewStoreAsync(cache, WithSmallParts);
        byte[] content = Content(size);
        Assert.True(await WriteAsync(store, "chunk.json", content, 1_234_567));
        Assert.False(await WriteAsync(store, "chunk.json", Content(size + 1), 1_234_567));

        Assert.Equal(content, await store.ReadAsync("chunk.json", Cancellation));
        Assert.Equal(size, (await store.FindAsync("chunk.json", Cancellation))?.Length);
        foreach (int offset in new[] { 0, 1, PartSize, size - 1, size }.Where(offset => offset >= 0 && offset <= size))
        {
            await using Stream stream = await store.OpenReadAsync("chunk.json", offset, Cancellation);
            using MemoryStream read = new();
            await stream.CopyToAsync(read, Cancellation);
            Assert.True(content.AsSpan(offset).SequenceEqual(read.ToArray()), $"from byte {offset}");
        }

        using LocalLease lease = new();
        Assert.Equal(content, await File.ReadAllBytesAsync(await store.GetLocalPathAsync("chunk.json", lease, Cancellation), Cancellation));
        Assert.Equal(0, await store.AbortAbandonedAsync(TimeSpan.FromDays(-1), Cancellation));
    }

    [Fact]
    public async Task Create_DisposedOfHalfWay_LeavesNothing()
    {
        using TemporaryFolder cache = new();
        S3Store store = await (await MinioServer.FindAsync()).NewStoreAsync(cache, WithSmallParts);
        await using (ObjectWriter writer = await store.CreateAsync("chunk.json", Cancellation))
        {
            await writer.WriteAsync(Content((2 * PartSize) + 1), Cancellation);
        }

        Assert.Null(await store.FindAsync("chunk.json", Cancellation));
        Assert.Empty(await ListAsync(store, string.Empty));
        Assert.Equal(0, await store.AbortAbandonedAsync(TimeSpan.FromDays(-1), Cancellation));
    }

    [Fact]
    public async Task AbortAbandoned_UploadsOfKilledWriters_AreDroppedBelowThePrefixWhenOldEnough()
    {
        using TemporaryFolder cache = new();
        MinioServer server = await MinioServer.FindAsync();
        S3Store store = await server.NewStoreAsync(cache);
        S3Location location = S3Location.Parse(store.Location);
        foreach (string prefix in new[] { location.Prefix, location.Prefix, "elsewhere" })
        {
            // Begun and never gone on with, as by a killed process.
            S3Connection killed = new(S3Location.Of(location.Bucket, prefix), server.Options(cache));
            await S3Requests.BeginUploadAsync(killed, "chunk", S3Requests.NewMark(), Cancellation);
        }

        Assert.Equal(0, await store.AbortAbandonedAsync(TimeSpan.FromDays(1), Cancellation));
        Assert.Equal(2, await store.AbortAbandonedAsync(TimeSpan.FromDays(-1), Cancellation));
        Assert.Equal(0, await store.AbortAbandonedAsync(TimeSpan.FromDays(-1), Cancellation));
    }

    [Fact]
    public async Task TryPublish_StagedFile_IsTheObjectAndItsOwnLocalCopy()
    {
        using TemporaryFolder cache = new();
        S3Store store = await (await MinioServer.FindAsync()).NewStoreAsync(cache, WithSmallParts);
        byte[] content = Content((2 * PartSize) + 1);
        using (StagedFile staged = store.Stage(".parquet"))
        {
            await File.WriteAllBytesAsync(staged.Path, content, Cancellation);
            Assert.True(await staged.TryPublishAsync("table/part.parquet", Cancellation));
            Assert.False(File.Exists(staged.Path));
        }

        string copy = Assert.Single(Directory.GetFiles(cache.Combine("copies"), "*.parquet", SearchOption.AllDirectories));
        using LocalLease lease = new();
        Assert.Equal(copy, await store.GetLocalPathAsync("table/part.parquet", lease, Cancellation));
        Assert.Equal(content, await store.ReadAsync("table/part.parquet", Cancellation));
        using StagedFile second = store.Stage(".parquet");
        await File.WriteAllBytesAsync(second.Path, Content(1), Cancellation);
        Assert.False(await second.TryPublishAsync("table/part.parquet", Cancellation));
    }

    [Fact]
    public async Task List_MoreThanAPage_IsInOrdinalOrderAndBelowThePrefix()
    {
        using TemporaryFolder cache = new();
        S3Store store = await (await MinioServer.FindAsync()).NewStoreAsync(cache);
        string[] keys = [.. Enumerable.Range(0, 1_050).Select(static number => string.Create(CultureInfo.InvariantCulture, $"many/{number}")), "many/a b%é+.json", "manyother/x", "other/x"];
        await Parallel.ForEachAsync(keys, Cancellation, async (key, token) => await store.PutAsync(key, new byte[] { 1 }, token));

        List<ObjectInfo> found = await ListAsync(store, "many/");
        Assert.Equal(keys.Where(static key => key.StartsWith("many/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), found.Select(static item => item.Key));
        Assert.Equal(keys.Length, (await ListAsync(store, string.Empty)).Count);
        Assert.Equal(found.Select(static item => item.Key).Where(static key => string.CompareOrdinal(key, "many/5") > 0), (await ListAsync(store, "many/", "many/5")).Select(static item => item.Key));
        Assert.Empty(await ListAsync(store, "many/", "many/z"));
        await store.DeleteAsync("many/a b%é+.json", Cancellation);
        await store.DeleteAsync("many/a b%é+.json", Cancellation);
        Assert.Null(await store.ReadAsync("many/a b%é+.json", Cancellation));
    }

    [Fact]
    public async Task Read_MissingBucket_IsEmptyAndWritingSaysSo()
    {
        using TemporaryFolder cache = new();
        MinioServer server = await MinioServer.FindAsync();
        string bucket = MinioServer.NewBucket();
        S3Store store = new(S3Location.Of(bucket, "p"), server.Options(cache));
        Assert.Null(await store.ReadAsync("a", Cancellation));
        Assert.Null(await store.FindAsync("a", Cancellation));
        Assert.Empty(await ListAsync(store, string.Empty));
        await store.DeleteAsync("a", Cancellation);
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => store.OpenReadAsync("a", 0, Cancellation).AsTask())).IsNotFound);
        using LocalLease lease = new();
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => store.GetLocalPathAsync("a", lease, Cancellation).AsTask())).IsNotFound);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => store.TryPutAsync("a", new byte[1], Cancellation).AsTask());
        Assert.Equal($"cannot write s3://{bucket}/p/a: there is no such bucket at {server.Endpoint.GetLeftPart(UriPartial.Authority)}: correct its name; emulating into it makes it", refused.Message);
        Assert.False(refused.IsUnavailable);
    }

    [Fact]
    public async Task Write_AnswersLost_KnowsItsOwnObject()
    {
        using TemporaryFolder cache = new();
        MinioServer server = await MinioServer.FindAsync();
        S3Store other = await server.NewStoreAsync(cache);
        LostAnswers losses = new();
        S3Store store = new(S3Location.Parse(other.Location), WithSmallParts(server.Options(cache)) with { Wrap = losses.Below });

        losses.Next = static request => request.Method == HttpMethod.Put;
        Assert.True(await store.TryPutAsync("small", new byte[] { 1 }, Cancellation));
        losses.Next = static request => request.Method == HttpMethod.Post && request.RequestUri!.Query.Contains("uploadId", StringComparison.Ordinal);
        Assert.True(await WriteAsync(store, "big", Content(2 * PartSize), PartSize));
        Assert.Equal(2, losses.Count);

        await other.PutAsync("taken", new byte[] { 1 }, Cancellation);
        losses.Next = static request => request.Method == HttpMethod.Put;
        Assert.False(await store.TryPutAsync("taken", new byte[] { 1 }, Cancellation));
        Assert.Equal(Content(2 * PartSize), await other.ReadAsync("big", Cancellation));
    }

    private const int PartSize = 5 << 20;

    private static S3Options WithSmallParts(S3Options options) => options with { PartSize = PartSize };

    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++)
        {
            content[i] = unchecked((byte)((i * 31) ^ (i >> 9)));
        }

        return content;
    }

    private static async Task<bool> WriteAsync(S3Store store, string key, byte[] content, int step)
    {
        await using ObjectWriter writer = await store.CreateAsync(key, Cancellation);
        for (int at = 0; at < content.Length; at += step)
        {
            await writer.WriteAsync(content.AsMemory(at, Math.Min(step, content.Length - at)), Cancellation);
        }

        return await writer.TryCompleteAsync(Cancellation);
    }

    private static async Task<List<ObjectInfo>> ListAsync(S3Store store, string prefix, string after = "")
    {
        List<ObjectInfo> objects = [];
        await foreach (ObjectInfo item in store.ListAsync(prefix, after, Cancellation))
        {
            objects.Add(item);
        }

        return objects;
    }
}
