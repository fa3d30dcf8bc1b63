using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Bronze.Objects;

/// <summary>Reads raw objects to find out whether their records can be ingested.</summary>
internal sealed class RawReading(Lake lake, Domain domain)
{
    private readonly ManifestStore _manifests = new(lake.Store);

    /// <summary>Whether an exception is about one object, so that others can be read all the same.</summary>
    public static bool IsOfObject(Exception exception) => exception is UnreadableObjectException or StorageException { IsUnavailable: false };

    /// <summary>The store that holds an object.</summary>
    public IObjectStore StoreOf(RawObject item) => _manifests.StoreOf(item.Destination);

    /// <summary>Reads an object to its end.</summary>
    /// <returns>Why it cannot be ingested, or null when it can.</returns>
    /// <exception cref="StorageException">The store is not available.</exception>
    public Task<string?> FindFaultAsync(RawObject item, CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        using RecordReader records = await FormatReaders.OpenAsync(StoreOf(item), item.Key, domain.Schema, ChunkFormat.OfRaw(item.Key), cancellationToken).ConfigureAwait(false);
        while (records.TryRead(out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    });

    /// <summary>Looks whether an object that a batch recorded is still what was recorded.</summary>
    /// <returns>Why it is not, or null when it is.</returns>
    /// <exception cref="StorageException">The store is not available.</exception>
    public Task<string?> FindChangeAsync(RawObject recorded, CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        IObjectStore store = StoreOf(recorded);
        return await store.FindAsync(recorded.Key, cancellationToken).ConfigureAwait(false) is not { } now ? Missing(store.Location, recorded)
            : RawChange.IsPossible(recorded, now) && await new RawChange(recorded, now).IsOfContentAsync(store, cancellationToken).ConfigureAwait(false)
                ? $"{store.Location}/{recorded.Key} changed since a batch recorded it"
                : null;
    });

    /// <summary>Whether an ingested object has another content now. One that cannot be read has.</summary>
    /// <exception cref="StorageException">The store is not available.</exception>
    public async Task<bool> IsChangedAsync(RawChange change, CancellationToken cancellationToken)
    {
        bool isChanged = false;
        return await ExplainAsync(async () =>
        {
            isChanged = await change.IsOfContentAsync(StoreOf(change.Ingested), cancellationToken).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false) is not null || isChanged;
    }

    /// <summary>Says that a recorded object is gone.</summary>
    public string DescribeMissing(RawObject recorded) => Missing(StoreOf(recorded).Location, recorded);

    /// <summary>The checksum of an object, or why it cannot be read.</summary>
    /// <exception cref="StorageException">The store is not available.</exception>
    public async Task<(string? Checksum, string? Fault)> SumAsync(RawObject item, CancellationToken cancellationToken)
    {
        string? checksum = null;
        string? fault = await ExplainAsync(async () =>
        {
            checksum = await RawChecksum.OfAsync(StoreOf(item), item.Key, cancellationToken).ConfigureAwait(false);
            return null;
        }).ConfigureAwait(false);
        return (checksum, fault);
    }

    private static string Missing(string location, RawObject recorded) =>
        $"{location}/{recorded.Key} is missing though a batch has recorded it, and none of its records are in the table: restore it from a copy";

    private static async Task<string?> ExplainAsync(Func<Task<string?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfObject(exception))
        {
            return exception.Message;
        }
    }
}
