using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;

namespace LakehouseLab.Emulation.Manifests;

/// <summary>Reads and writes the manifests of a lake, or of a folder with the same tree.</summary>
public sealed class ManifestStore(IObjectStore store)
{
    /// <summary>All manifests, in order of domain and first row.</summary>
    /// <exception cref="LakeException">A manifest is damaged.</exception>
    public async Task<IReadOnlyList<Manifest>> ListAsync(CancellationToken cancellationToken)
    {
        List<Manifest> manifests = [];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.Manifests, cancellationToken).ConfigureAwait(false))
        {
            string name = item.Key[LakeLayout.Manifests.Length..];
            if (name.EndsWith(".json", StringComparison.Ordinal) && Guid.TryParseExact(name[..^5], "D", out Guid id))
            {
                manifests.Add(await FindAsync(id, cancellationToken).ConfigureAwait(false)
                    ?? throw new LakeException($"{store.Location}/{item.Key} vanished while it was read: run the command again"));
            }
        }

        return [.. manifests.OrderBy(manifest => manifest.Domain, StringComparer.Ordinal).ThenBy(manifest => manifest.FirstRow)];
    }

    /// <summary>An emulation's manifest, or null when there is none.</summary>
    /// <exception cref="LakeException">The manifest is damaged.</exception>
    public async Task<Manifest?> FindAsync(Guid emulation, CancellationToken cancellationToken)
    {
        string key = LakeLayout.Manifest(emulation);
        byte[]? json = await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return json is null ? null : LakeDocument.Read(json, $"{store.Location}/{key}", LakeDocuments.Default.Manifest);
    }

    /// <summary>The chunks that lie there, in order, up to the first that is missing. One of a killed writer, which no part
    /// lists yet, is counted and summed from its bytes.</summary>
    /// <exception cref="LakeException">A listed chunk is missing, or a part is damaged.</exception>
    public async Task<IReadOnlyList<ChunkInfo>> ListChunksAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        Dictionary<int, string> keys = [];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.ChunksOf(manifest.Domain, manifest.Id), cancellationToken).ConfigureAwait(false))
        {
            if (TryNumber(item.Key, out int number, out _))
            {
                keys[number] = item.Key;
            }
        }

        Dictionary<int, ChunkInfo> parts = await ReadPartsAsync(manifest.Id, cancellationToken).ConfigureAwait(false);
        List<ChunkInfo> chunks = [];
        long row = manifest.FirstRow;
        for (int number = 0; keys.TryGetValue(number, out string? key); number++)
        {
            ChunkInfo chunk = parts.TryGetValue(number, out ChunkInfo? listed) ? listed
                : await DescribeAsync(key, number, row, cancellationToken).ConfigureAwait(false);
            if (!string.Equals(chunk.Key, key, StringComparison.Ordinal)
                || !string.Equals(key, LakeLayout.Chunk(manifest.Domain, manifest.Id, number, row, manifest.Format), StringComparison.Ordinal))
            {
                throw new LakeException($"{store.Location}/{key} does not follow the chunk before it, which ends at row {row}: a chunk was changed or lost; remove the emulation or restore it");
            }

            chunks.Add(chunk);
            row = chunk.EndRow;
        }

        if (row > manifest.EndRow)
        {
            throw new LakeException($"{store.Location}/{chunks[^1].Key} has more rows than the emulation, which ends before row {manifest.EndRow}: a chunk was changed; remove the emulation or restore it");
        }

        return chunks.Count >= parts.Count ? chunks
            : throw new LakeException($"{store.Location}/{parts[chunks.Count].Key} is missing though the manifest lists it: restore it, or remove emulation {manifest.Id} from the lake");
    }

    /// <summary>The chunks that an emulation delivered, in order, whether or not they still lie there: those that its parts
    /// list and, while it is not complete, those of a killed writer that follow them.</summary>
    /// <exception cref="LakeException">A part is damaged.</exception>
    public async Task<IReadOnlyList<ChunkInfo>> ListDeliveredAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        Dictionary<int, ChunkInfo> parts = await ReadPartsAsync(manifest.Id, cancellationToken).ConfigureAwait(false);
        List<ChunkInfo> chunks = [.. parts.Values.OrderBy(chunk => chunk.Number)];
        while (manifest.State != EmulationState.Completed)
        {
            (int number, long row) = chunks.Count == 0 ? (0, manifest.FirstRow) : (chunks[^1].Number + 1, chunks[^1].EndRow);
            string key = LakeLayout.Chunk(manifest.Domain, manifest.Id, number, row, manifest.Format);
            if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is null)
            {
                break;
            }

            chunks.Add(await DescribeAsync(key, number, row, cancellationToken).ConfigureAwait(false));
        }

        return chunks;
    }

    /// <summary>Puts a manifest, in place of the one before.</summary>
    internal async Task PutAsync(Manifest manifest, CancellationToken cancellationToken) =>
        await store.PutAsync(
            LakeLayout.Manifest(manifest.Id),
            JsonSerializer.SerializeToUtf8Bytes(manifest, LakeDocuments.Default.Manifest),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Lists a chunk in a part of its own, unless one lists it already.</summary>
    internal async Task AddPartAsync(Guid emulation, ChunkInfo chunk, CancellationToken cancellationToken) =>
        await store.TryPutAsync(
            LakeLayout.ManifestPart(emulation, chunk.Number),
            JsonSerializer.SerializeToUtf8Bytes(chunk, LakeDocuments.Default.ChunkInfo),
            cancellationToken).ConfigureAwait(false);

    // Names are NUMBER-FIRSTROW.EXTENSION.
    private static bool TryNumber(string key, out int number, out long firstRow)
    {
        firstRow = 0;
        ReadOnlySpan<char> name = Path.GetFileNameWithoutExtension(key.AsSpan());
        int dash = name.IndexOf('-');
        number = 0;
        return dash > 0
            && int.TryParse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out firstRow);
    }

    private async Task<Dictionary<int, ChunkInfo>> ReadPartsAsync(Guid emulation, CancellationToken cancellationToken)
    {
        Dictionary<int, ChunkInfo> parts = [];
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.ManifestParts(emulation), cancellationToken).ConfigureAwait(false))
        {
            byte[] json = await store.ReadAsync(item.Key, cancellationToken).ConfigureAwait(false)
                ?? throw new LakeException($"{store.Location}/{item.Key} vanished while it was read: run the command again");
            ChunkInfo chunk = LakeDocument.Read(json, $"{store.Location}/{item.Key}", LakeDocuments.Default.ChunkInfo);
            parts[chunk.Number] = chunk;
        }

        return parts;
    }

    private async Task<ChunkInfo> DescribeAsync(string key, int number, long firstRow, CancellationToken cancellationToken)
    {
        XxHash128 hash = new();
        byte last = (byte)'\n';
        long rows = 0;
        long bytes = 0;
        byte[] buffer = new byte[1 << 20];
        Stream stream = await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                hash.Append(buffer.AsSpan(0, read));
                rows += buffer.AsSpan(0, read).Count((byte)'\n');
                bytes += read;
                last = buffer[read - 1];
            }
        }

        if (last != (byte)'\n')
        {
            throw new LakeException($"{store.Location}/{key} ends within a record: it was cut off after it was written; remove it, and the same command makes it again");
        }

        return new ChunkInfo(key, number, firstRow, rows, bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}
