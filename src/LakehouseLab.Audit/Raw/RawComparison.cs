using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Raw;

/// <summary>
/// Compares chunks with the world while its rows are made in order. A chunk that differs anywhere is only remembered:
/// <see cref="RawExamination"/> tells what became of its records. Not thread-safe.
/// </summary>
internal sealed class RawComparison(ManifestStore manifests, DomainSchema schema, Tally tally) : IRowObserver, IAsyncDisposable
{
    private DeliveredRange? _range;
    private int _chunk;
    private ChunkComparison? _comparison;
    private long _length;

    /// <summary>The chunks that are not what they should be.</summary>
    public List<(DeliveredRange Range, ChunkInfo Chunk)> Different { get; } = [];

    /// <inheritdoc/>
    public bool NeedsLines => true;

    /// <inheritdoc/>
    public async ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        if (range != _range)
        {
            // A shard may begin with any chunk.
            _range = range;
            _chunk = range.Chunks.TakeWhile(chunk => chunk.EndRow <= block.Batch.FirstRow + first).Count();
        }

        while (count > 0 && _chunk < range.Chunks.Count)
        {
            ChunkInfo chunk = range.Chunks[_chunk];
            long row = block.Batch.FirstRow + first;
            int rows = (int)Math.Min(count, chunk.EndRow - row);
            if (row == chunk.FirstRow)
            {
                await OpenAsync(range, chunk, cancellationToken).ConfigureAwait(false);
            }

            _comparison?.Compare(block, first, rows);
            if (row + rows == chunk.EndRow)
            {
                await CloseAsync(range, chunk).ConfigureAwait(false);
                _chunk++;
            }

            first += rows;
            count -= rows;
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // The last chunk was closed with its last row.
    }

    /// <summary>Writes which chunks are not what they should be.</summary>
    public void Save(BinaryWriter state)
    {
        state.Write(Different.Count);
        foreach ((DeliveredRange range, ChunkInfo chunk) in Different)
        {
            state.Write(range.Index);
            state.Write(chunk.Key);
        }
    }

    /// <summary>Adds the chunks that a shard found.</summary>
    public void Load(BinaryReader state, DomainRanges ranges)
    {
        for (int left = state.ReadInt32(); left > 0; left--)
        {
            DeliveredRange range = ranges.Ranges[state.ReadInt32()];
            string key = state.ReadString();
            Different.Add((range, range.Chunks.First(chunk => chunk.Key == key)));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _comparison?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task OpenAsync(DeliveredRange range, ChunkInfo chunk, CancellationToken cancellationToken)
    {
        IObjectStore store = manifests.ChunksOf(range.Manifest);
        if (await store.FindAsync(chunk.Key, cancellationToken).ConfigureAwait(false) is not { } item)
        {
            return;
        }

        _length = item.Length;
        ChunkFormat format = range.Manifest.ChunkFormat;
        _comparison = format == ChunkFormat.Json
            ? new BytesComparison(await store.OpenReadAsync(chunk.Key, 0, cancellationToken).ConfigureAwait(false))
            : await RecordsComparison.OpenAsync(store, chunk.Key, schema, format, cancellationToken).ConfigureAwait(false);
    }

    // Of plain lines the world knows every byte, so that the object is right; what another encoder makes of the same records is not.
    private void ReportChecksum(DeliveredRange range, ChunkInfo chunk, string checksum)
    {
        bool isPlain = range.Manifest.ChunkFormat == ChunkFormat.Json;
        tally.Report(isPlain ? FindingKind.Contradictory : FindingKind.Altered, finding => finding with
        {
            Place = isPlain ? LakeLayout.ManifestPart(range.Manifest.Id, chunk.Number) : range.PlaceOf(chunk),
            Column = "checksum",
            Expected = isPlain ? checksum : chunk.Checksum,
            Found = isPlain ? chunk.Checksum : checksum,
            Cause = isPlain ? $"{range.PlaceOf(chunk)} has the bytes that the world makes" : "its records are as they should be, but it is not the object that its manifest lists",
            Remedy = "restore it from a copy",
        });
    }

    // Only a part that is there has a checksum.
    private void CompareWithPart(DeliveredRange range, ChunkInfo chunk, string checksum)
    {
        if (checksum != chunk.Checksum)
        {
            ReportChecksum(range, chunk, checksum);
        }
        else if (_length != chunk.Bytes)
        {
            tally.Report(FindingKind.Contradictory, finding => finding with
            {
                Place = LakeLayout.ManifestPart(range.Manifest.Id, chunk.Number),
                Column = "bytes",
                Expected = FormattableString.Invariant($"{_length}"),
                Found = FormattableString.Invariant($"{chunk.Bytes}"),
                Cause = $"{range.PlaceOf(chunk)} has the checksum that it says, and not the size",
                Remedy = "restore it from a copy",
            });
        }
    }

    private async Task CloseAsync(DeliveredRange range, ChunkInfo chunk)
    {
        bool differs = true;
        if (_comparison is not null)
        {
            string checksum = await _comparison.EndAsync().ConfigureAwait(false);
            if (!_comparison.Differs && chunk.Checksum.Length > 0)
            {
                CompareWithPart(range, chunk, checksum);
            }

            if (_comparison.Damage is { } damage)
            {
                tally.Damage(range.PlaceOf(chunk), damage);
            }

            differs = _comparison.Differs;
            await _comparison.DisposeAsync().ConfigureAwait(false);
            _comparison = null;
        }

        if (differs)
        {
            Different.Add((range, chunk));
        }
        else
        {
            tally.Find(range.Index, chunk.Rows);
        }
    }
}
