using System.IO.Hashing;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Raw;

/// <summary>The checksum of a raw object, as manifests and progress records have it.</summary>
public static class RawChecksum
{
    /// <summary>Reads an object.</summary>
    /// <returns>XXH128 of its bytes, in hexadecimal.</returns>
    /// <exception cref="StorageException">There is no such object, or the store failed.</exception>
    public static async Task<string> OfAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        XxHash128 hash = new();
        Stream bytes = await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false);
        await using (bytes.ConfigureAwait(false))
        {
            await hash.AppendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
