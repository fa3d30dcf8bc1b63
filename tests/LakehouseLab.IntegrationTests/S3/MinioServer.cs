using System.Security.Cryptography;
using LakehouseLab.Storage.S3;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.S3;

/// <summary>A MinIO server: the one of the environment, or of the stack, which is started when it is needed.</summary>
/// <param name="Endpoint">Where it is.</param>
internal sealed record MinioServer(Uri Endpoint)
{
    /// <summary>Finds it, or skips the test. Its credentials are in this process's environment afterwards.</summary>
    public static async Task<MinioServer> FindAsync() => new(new Uri(await StackSystem.FindAsync("S3_ENDPOINT", "minio")));

    /// <summary>A bucket of a test's own, which is not there yet.</summary>
    public static string NewBucket() => $"test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>Options with a local folder of the test's own.</summary>
    public S3Options Options(TemporaryFolder cache) => new() { Endpoint = Endpoint, Region = "us-east-1", CacheFolder = cache.Path };

    /// <summary>A store in a new bucket.</summary>
    public async Task<S3Store> NewStoreAsync(TemporaryFolder cache, Func<S3Options, S3Options>? change = null)
    {
        S3Options options = Options(cache);
        S3Store store = new(S3Location.Of(NewBucket(), "some/prefix"), change?.Invoke(options) ?? options);
        await store.PrepareAsync(TestContext.Current.CancellationToken);
        return store;
    }
}
