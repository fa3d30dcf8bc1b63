using System.IO.Hashing;
using LakehouseLab.Audit.Records;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Raw;

/// <summary>Compares a chunk of any format record for record; its bytes are read once more, for their checksum.</summary>
internal sealed class RecordsComparison : ChunkComparison
{
    private readonly string _checksum;
    private readonly bool _hasLines;
    private RecordReader? _records;
    private long _next;

    private RecordsComparison(string checksum, bool hasLines)
    {
        _checksum = checksum;
        _hasLines = hasLines;
    }

    /// <summary>Opens a chunk. One that cannot be read differs.</summary>
    public static async ValueTask<RecordsComparison> OpenAsync(IObjectStore store, string key, DomainSchema schema, ChunkFormat format, CancellationToken cancellationToken)
    {
        XxHash128 hash = new();
        Stream bytes = await store.OpenReadAsync(key, 0, cancellationToken).ConfigureAwait(false);
        await using (bytes.ConfigureAwait(false))
        {
            await hash.AppendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        RecordsComparison comparison = new(Convert.ToHexStringLower(hash.GetCurrentHash()), format.Format == RecordFormat.Json);
        try
        {
            comparison._records = await FormatReaders.OpenAsync(store, key, schema, format, cancellationToken).ConfigureAwait(false);
        }
        catch (UnreadableObjectException exception)
        {
            comparison.Break(exception);
        }

        return comparison;
    }

    /// <inheritdoc/>
    public override void Compare(ExpectedBlock block, int first, int count)
    {
        for (int row = first; row < first + count && Damage is null; row++)
        {
            Differs |= !TryRead(out ReadOnlySpan<byte> record) || !record.SequenceEqual(block.Record(row)) || (_hasLines && _records!.Offset != _next);
            _next++;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<string> EndAsync()
    {
        Differs |= TryRead(out _);
        return ValueTask.FromResult(_checksum);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _records?.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        try
        {
            return Damage is null && _records!.TryRead(out record);
        }
        catch (UnreadableObjectException exception)
        {
            Break(exception);
            return false;
        }
    }

    private void Break(UnreadableObjectException exception)
    {
        Damage = exception.Message;
        Differs = true;
    }
}
