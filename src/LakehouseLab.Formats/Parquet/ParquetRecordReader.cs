using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;
using ParquetSharp;
using ByteBuffer = LakehouseLab.Formats.Records.ByteBuffer;

namespace LakehouseLab.Formats.Parquet;

/// <summary>Reads Parquet files, ours and others', some thousand rows at a time.</summary>
internal sealed class ParquetRecordReader : RecordReader
{
    private const int RowsAtOnce = IDataFactory.BlockRows;

    private readonly string _place;
    private readonly long _bytes;
    private readonly ParquetFileReader _file;
    private readonly LocalLease _lease;
    private readonly ParquetSource[] _sources;
    private readonly DecimalSpelling[] _decimals;
    private readonly JsonBatchWriter _writer;
    private readonly ByteBuffer _lines = new();
    private readonly int[] _ends = new int[RowsAtOnce];
    private readonly long _rows;
    private RowGroupReader? _group;
    private int _nextGroup;
    private long _groupRows;
    private int _count;
    private int _row;
    private long _offset = -1;

    private ParquetRecordReader(string path, string place, DomainSchema schema, ParquetFileReader file, LocalLease lease)
    {
        _place = place;
        _bytes = new FileInfo(path).Length;
        _file = file;
        _lease = lease;
        FileMetaData metadata = file.FileMetaData;
        _rows = metadata.NumRows;
        _sources = [.. Enumerable.Range(0, metadata.NumColumns)
            .Select(column => ParquetSources.Create(metadata.Schema.Column(column), column, RowsAtOnce, place))
            .OrderBy(source => OrderOf(schema, source.Column.Field.Name))];
        if (_sources.GroupBy(source => source.Column.Field.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UnreadableObjectException($"{place} has more than one column '{twice.Key}': name each column once, or move it away");
        }

        if (!Array.Exists(_sources, source => schema.IndexOf(source.Column.Field.Name) >= 0))
        {
            throw new UnreadableObjectException($"{place} has no column that a {schema.Name} has: move it to where it belongs");
        }

        RecordBatch batch = new(schema, RowsAtOnce, [.. _sources.Select(source => source.Column)]);
        _decimals = DecimalSpelling.Of(batch);
        _writer = new JsonBatchWriter(batch, labels: true);
    }

    /// <inheritdoc/>
    public override long Offset => _offset;

    /// <inheritdoc/>
    public override long BytesRead => _rows == 0 ? _bytes : (long)(_bytes * ((double)(_offset + 1) / _rows));

    /// <summary>Opens an object; its local file is held until the reader is disposed.</summary>
    /// <param name="store">The store that it is in.</param>
    /// <param name="key">The object.</param>
    /// <param name="place">The object, as messages name it.</param>
    /// <param name="schema">The domain.</param>
    /// <param name="cancellationToken">Cancels the fetching.</param>
    /// <exception cref="StorageException">There is no such object, or the store failed.</exception>
    /// <exception cref="UnreadableObjectException">It is not a Parquet file, or one with columns that have no form in JSON.</exception>
    public static async ValueTask<ParquetRecordReader> OpenAsync(IObjectStore store, string key, string place, DomainSchema schema, CancellationToken cancellationToken)
    {
        LocalLease lease = new();
        try
        {
            return Open(await store.GetLocalPathAsync(key, lease, cancellationToken).ConfigureAwait(false), place, schema, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadOnlySpan<byte> payload)
    {
        if (_row == _count && !Guard(_place, Fill))
        {
            payload = default;
            return false;
        }

        int start = _row == 0 ? 0 : _ends[_row - 1];
        payload = _lines.Written.Span[start..(_ends[_row] - 1)];
        _row++;
        _offset++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseGroup();
            _file.Dispose();
            _lease.Dispose();
        }
    }

    private static ParquetRecordReader Open(string path, string place, DomainSchema schema, LocalLease lease) => Guard(place, () =>
    {
        ParquetFileReader file = new(path);
        try
        {
            return new ParquetRecordReader(path, place, schema, file, lease);
        }
        catch (Exception)
        {
            file.Dispose();
            throw;
        }
    });

    private static int OrderOf(DomainSchema schema, string name) => schema.IndexOf(name) is int known and >= 0 ? known : schema.Fields.Count;

    private static T Guard<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OverflowException exception)
        {
            throw new UnreadableObjectException($"{place}: {RowsAtOnce} of its records do not fit into memory at once: write shorter ones, or move it away", exception);
        }
        catch (Exception exception) when (exception is ParquetException or InvalidDataException or ArgumentException or InvalidCastException or NotSupportedException)
        {
            // A changed footer comes out of the binding as whatever its words then happen to mean.
            throw new UnreadableObjectException($"{place} cannot be read as Parquet: {ParquetMessage.Of(exception)}; restore it from a copy, or move it away", exception);
        }
    }

    private bool Fill()
    {
        while (_groupRows == 0)
        {
            CloseGroup();
            if (_nextGroup == _file.FileMetaData.NumRowGroups)
            {
                return false;
            }

            _group = _file.RowGroup(_nextGroup++);
            _groupRows = _group.MetaData.NumRows;
            foreach (ParquetSource source in _sources)
            {
                source.Open(_group);
            }
        }

        _count = (int)Math.Min(RowsAtOnce, _groupRows);
        _groupRows -= _count;
        _row = 0;
        foreach (ParquetSource source in _sources)
        {
            source.Read(_count);
        }

        foreach (DecimalSpelling decimals in _decimals)
        {
            decimals.Apply(_count);
        }

        _lines.Clear();
        _writer.Write(0, _count, _lines, _ends);
        return true;
    }

    private void CloseGroup()
    {
        foreach (ParquetSource source in _sources)
        {
            source.Close();
        }

        _group?.Dispose();
        _group = null;
    }
}
