using System.Security.Cryptography;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Objects of the lake that Spark reads while a batch lasts. Disposing of it deletes them, also those that retried tasks left.</summary>
/// <param name="lake">The lake.</param>
internal sealed class StagingArea(Lake lake) : IAsyncDisposable
{
    private readonly List<string> _prefixes = [];

    /// <summary>What the keys of some objects begin with; nobody else uses it.</summary>
    public string NewPrefix(string kind)
    {
        string prefix = $"{IObjectStore.Staging}{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}/";
        _prefixes.Add(prefix);
        return prefix;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (string prefix in _prefixes)
            {
                await foreach (ObjectInfo item in lake.Store.ListAsync(prefix, CancellationToken.None).ConfigureAwait(false))
                {
                    await lake.Store.DeleteAsync(item.Key, CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        catch (StorageException)
        {
            // The next run deletes what is left; what the batch failed at is what to tell.
        }
    }
}
