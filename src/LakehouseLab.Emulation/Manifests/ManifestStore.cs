using System.Collections.Concurrent;
using System.IO.Hashing;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>Reads and writes the manifests of a lake, or of a folder with the same tree. The chunks that they list may be elsewhere.</summary>
public sealed class ManifestStore(IObjectStore store)
{
    private readonly ConcurrentDictionary<Destination, IObjectStore> _places = new();

    /// <summary>Where an emulation's chunks are.</summary>
    /// <exception cref="World.Requests.InvalidRequestException">The manifest names no place for objects, or the environment's settings for S3 are wrong.</exception>
    public IObjectStore ChunksOf(Manifest manifest) => StoreOf(manifest.Destination);

    /// <summary>The store of a destination, opened once.</summary>
    /// <exception cref="World.Requests.InvalidRequestException">It is not a place for objects, or the environment's settings for S3 are wrong.</exception>
    public IObjectStore StoreOf(Destination destination) => _places.GetOrAdd(destination, one => ChunkStores.Open(one, store));

    /// <summary>All manifests, in order of domain and first row.</summary>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public async Task<IReadOnlyList<Manifest>> ListAsync(CancellationToken cancellationToken)
    {
        ManifestFolder folder = await ManifestFolder.ListAsync(store, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Manifest> manifests = await ReadAsync(folder.Emulations, cancellationToken).ConfigureAwait(false);
        return [.. manifests.OrderBy(manifest => manifest.Domain, StringComparer.Ordinal).ThenBy(manifest => manifest.FirstRow)];
    }

    /// <summary>The manifests of emulations, in the order of these.</summary>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    internal async Task<IReadOnlyList<Manifest>> ReadAsync(IEnumerable<Guid> emulations, CancellationToken cancellationToken)
    {
        List<Manifest> manifests = [];
        await foreach ((string key, byte[]? json) in store.ReadEachAsync(emulations.Select(LakeLayout.Manifest), cancellationToken).ConfigureAwait(false))
        {
            // One that is gone since it was listed is of an emulation that was refused.
            if (json is not null)
            {
                manifests.Add(LakeDocument.Read(json, $"{store.Location}/{key}", ManifestDocuments.Default.Manifest));
            }
        }

        return manifests;
    }

    /// <summary>An emulation's manifest, or null when there is none.</summary>
    /// <exception cref="LakeException">The manifest is damaged.</exception>
    public async Task<Manifest?> FindAsync(Guid emulation, CancellationToken cancellationToken)
    {
        string key = LakeLayout.Manifest(emulation);
        byte[]? json = await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return json is null ? null : LakeDocument.Read(json, $"{store.Location}/{key}", ManifestDocuments.Default.Manifest);
    }

    /// <summary>A chunk as the emulation's parts list it, or null when none lists it yet.</summary>
    /// <exception cref="LakeException">The part is damaged.</exception>
    public async Task<ChunkInfo?> FindPartAsync(Guid emulation, int number, CancellationToken cancellationToken)
    {
        string key = LakeLayout.ManifestPart(emulation, number);
        byte[]? json = await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return json is null ? null : LakeDocument.Read(json, $"{store.Location}/{key}", ManifestDocuments.Default.ChunkInfo);
    }

    /// <summary>The chunks that are there, in order, up to the first that is missing. One of a killed writer, which no part
    /// lists yet, is counted and summed from its bytes.</summary>
    /// <exception cref="LakeException">A listed chunk is missing, or a part is damaged.</exception>
    public async Task<IReadOnlyList<ChunkInfo>> ListChunksAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        (List<ChunkInfo> chunks, _) = await FollowAsync(manifest, cancellationToken).ConfigureAwait(false);
        return chunks;
    }

    /// <summary>The same, and lists the chunk of a killed writer in a part, so that it counts as delivered from now on.</summary>
    internal async Task<IReadOnlyList<ChunkInfo>> AdoptChunksAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        (List<ChunkInfo> chunks, HashSet<int> listed) = await FollowAsync(manifest, cancellationToken).ConfigureAwait(false);
        foreach (ChunkInfo chunk in chunks.Where(chunk => !listed.Contains(chunk.Number)))
        {
            await AddPartAsync(manifest.Id, chunk, cancellationToken).ConfigureAwait(false);
        }

        return chunks;
    }

    private async Task<(List<ChunkInfo> Chunks, HashSet<int> Listed)> FollowAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        // Parts first: a chunk is there before its part, so none that another process adds meanwhile seems lost.
        Dictionary<int, ChunkInfo> parts = await ReadPartsAsync(manifest.Id, cancellationToken).ConfigureAwait(false);
        IObjectStore place = ChunksOf(manifest);
        Dictionary<int, string> keys = [];
        await foreach (ObjectInfo item in place.ListAsync(LakeLayout.ChunksOf(manifest.Domain, manifest.Id), cancellationToken).ConfigureAwait(false))
        {
            if (ChunkKey.TryParse(item.Key) is { } chunk)
            {
                keys[chunk.Number] = item.Key;
            }
        }

        List<ChunkInfo> chunks = [];
        long row = manifest.FirstRow;
        for (int number = 0; keys.TryGetValue(number, out string? key); number++)
        {
            row = manifest.NextAfter(row);
            ChunkInfo chunk = parts.TryGetValue(number, out ChunkInfo? listed) ? listed
                : await DescribeAsync(place, manifest, key, number, row, cancellationToken).ConfigureAwait(false);
            if (!string.Equals(chunk.Key, key, StringComparison.Ordinal)
                || !string.Equals(key, manifest.KeyOf(number, row), StringComparison.Ordinal))
            {
                throw new LakeException($"{place.Location}/{key} does not follow the chunk before it, which ends at row {row}: a chunk was changed or lost; remove the emulation or restore it");
            }

            long end = manifest.Ranges.FirstOrDefault(range => range.FirstRow <= row && row < range.EndRow)?.EndRow ?? manifest.EndRow;
            if (chunk.EndRow > end)
            {
                throw new LakeException($"{place.Location}/{key} has more rows than the emulation, which ends before row {end}: a chunk was changed; remove the emulation or restore it");
            }

            chunks.Add(chunk);
            row = chunk.EndRow;
        }

        return chunks.Count >= parts.Count ? (chunks, [.. parts.Keys])
            : throw new LakeException($"{place.Location}/{parts[chunks.Count].Key} is missing though the manifest lists it: restore it, or remove emulation {manifest.Id} from the lake");
    }

    /// <summary>The chunks that an emulation delivered, in order, whether or not they are still there: those that its parts
    /// list and, while it is not complete, those of a killed writer that follow them.</summary>
    /// <exception cref="LakeException">A part is damaged.</exception>
    public async Task<IReadOnlyList<ChunkInfo>> ListDeliveredAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        Dictionary<int, ChunkInfo> parts = await ReadPartsAsync(manifest.Id, cancellationToken).ConfigureAwait(false);
        List<ChunkInfo> chunks = [.. parts.Values.OrderBy(chunk => chunk.Number)];
        IObjectStore place = ChunksOf(manifest);
        while (!manifest.IsEnded)
        {
            (int number, long row) = chunks.Count == 0 ? (0, manifest.FirstRow) : (chunks[^1].Number + 1, manifest.NextAfter(chunks[^1].EndRow));
            string key = manifest.KeyOf(number, row);
            if (await place.FindAsync(key, cancellationToken).ConfigureAwait(false) is null)
            {
                break;
            }

            chunks.Add(await DescribeAsync(place, manifest, key, number, row, cancellationToken).ConfigureAwait(false));
        }

        return chunks;
    }

    /// <summary>Puts a manifest, in place of the one before.</summary>
    internal async Task PutAsync(Manifest manifest, CancellationToken cancellationToken) =>
        await store.PutAsync(
            LakeLayout.Manifest(manifest.Id),
            LakeDocument.Write(manifest, ManifestDocuments.Default.Manifest),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Removes the manifest of an emulation that never began.</summary>
    internal async Task RemoveAsync(Guid emulation, CancellationToken cancellationToken) =>
        await store.DeleteAsync(LakeLayout.Manifest(emulation), cancellationToken).ConfigureAwait(false);

    /// <summary>Lists a chunk in a part of its own, unless one lists it already.</summary>
    internal async Task AddPartAsync(Guid emulation, ChunkInfo chunk, CancellationToken cancellationToken) =>
        await store.TryPutAsync(
            LakeLayout.ManifestPart(emulation, chunk.Number),
            LakeDocument.Write(chunk, ManifestDocuments.Default.ChunkInfo),
            cancellationToken).ConfigureAwait(false);

    private async Task<Dictionary<int, ChunkInfo>> ReadPartsAsync(Guid emulation, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.ManifestParts(emulation), cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        Dictionary<int, ChunkInfo> parts = [];
        await foreach ((string key, byte[]? json) in store.ReadEachAsync(keys, cancellationToken).ConfigureAwait(false))
        {
            ChunkInfo chunk = LakeDocument.Read(json ?? throw Vanished(key), $"{store.Location}/{key}", ManifestDocuments.Default.ChunkInfo);
            if (key != LakeLayout.ManifestPart(emulation, chunk.Number))
            {
                throw new LakeException($"{store.Location}/{key} is damaged: it lists chunk {chunk.Number}. Restore it from a copy");
            }

            parts[chunk.Number] = chunk;
        }

        return parts;
    }

    private LakeException Vanished(string key) => new($"{store.Location}/{key} vanished while it was read: run the command again");

    private static async Task<ChunkInfo> DescribeAsync(
        IObjectStore place, Manifest manifest, string key, int number, long firstRow, CancellationToken cancellationToken)
    {
        XxHash128 hash = new();
        byte last = (byte)'\n';
        long lines = 0;
        long bytes = 0;
        byte[] buffer = new byte[1 << 20];
        Stream stream = await place.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                hash.Append(buffer.AsSpan(0, read));
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
                bytes += read;
                last = buffer[read - 1];
            }
        }

        ChunkFormat format = manifest.ChunkFormat;
        if (format.Format != RecordFormat.Parquet && format.Compression == RecordCompression.None && last != (byte)'\n')
        {
            throw new LakeException($"{place.Location}/{key} ends within a record: it was cut off after it was written; remove it, and the same command recreates it");
        }

        long rows = format == ChunkFormat.Json ? lines : await CountRecordsAsync(place, manifest, key, cancellationToken).ConfigureAwait(false);
        return new ChunkInfo(key, number, firstRow, rows, bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static async Task<long> CountRecordsAsync(IObjectStore place, Manifest manifest, string key, CancellationToken cancellationToken)
    {
        try
        {
            using RecordReader records = await FormatReaders.OpenAsync(place, key, Domain.Find(manifest.Domain)!.Schema, manifest.ChunkFormat, cancellationToken).ConfigureAwait(false);
            long rows = 0;
            while (records.TryRead(out _))
            {
                rows++;
            }

            return rows;
        }
        catch (LakeException exception)
        {
            throw new LakeException($"{place.Location}/{key} was cut off or changed after it was written: remove it, and the same command recreates it", exception);
        }
    }
}
