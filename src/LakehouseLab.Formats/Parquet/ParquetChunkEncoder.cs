using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;
using LakehouseLab.World.Batches;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Formats.Parquet;

/// <summary>
/// Makes Parquet files. Rows are encoded as they come and leave a row group at a time, so that memory holds one group in
/// compressed form, however large the file becomes. Not thread-safe.
/// </summary>
/// <param name="labels">Whether labels are written.</param>
internal sealed class ParquetChunkEncoder(bool labels) : ChunkEncoder
{
    // Some 8 MB of transactions: the cost of a group's dictionaries is small, and so is what a reader must hold.
    private const int GroupRows = 262_144;
    private const long GroupBytes = 128L << 20;

    // What the rows of a short group may take more than those of a long one, in which dictionaries pay.
    private const double ShortGroupExcess = 1.25;

    private readonly ReadyBytes _ready = new();
    private OpenFile? _file;
    private long _openRows;
    private long _openBytes;
    private double _bytesPerRow = double.PositiveInfinity;

    /// <inheritdoc/>
    public override int RowsThatFit(BlockSlice slice, long room)
    {
        OpenFile file = Open(slice);
        if (Fits(file, slice, room))
        {
            return slice.Count;
        }

        if (_openRows > 0 && double.IsPositiveInfinity(_bytesPerRow))
        {
            // Nothing is known yet of how well rows compress: the rows that are there tell.
            EndGroup(file);
        }

        int fitting = 0;
        for (int step = slice.Count; step > 0; step = step > 1 ? (step + 1) / 2 : 0)
        {
            if (fitting + step <= slice.Count && Fits(file, slice.Take(fitting + step), room))
            {
                fitting += step;
            }
        }

        return fitting;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Add(BlockSlice slice)
    {
        OpenFile file = Open(slice);
        _openBytes += file.MaxBytes(slice);
        _openRows += slice.Count;
        file.Write(slice);
        if (_openRows >= GroupRows || _openBytes >= GroupBytes)
        {
            EndGroup(file);
        }

        return _ready.Take();
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Finish()
    {
        if (_file is not null)
        {
            EndGroup(_file);
            _file.Close();
        }

        return _ready.Take();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private OpenFile Open(BlockSlice slice) => _file ??= new OpenFile(slice.Block.Batch!, labels, _ready);

    private bool Fits(OpenFile file, BlockSlice slice, long room)
    {
        double most = _openBytes + file.MaxBytes(slice);
        double likely = ((_openRows + slice.Count) * _bytesPerRow * ShortGroupExcess) + file.DictionaryBytes;
        return Math.Min(most, likely) + file.FooterBytes + _ready.Waiting <= room;
    }

    private void EndGroup(OpenFile file)
    {
        if (_openRows > 0)
        {
            _bytesPerRow = (double)file.EndGroup() / _openRows;
        }

        _openRows = 0;
        _openBytes = 0;
    }

    /// <summary>The native writer, and the row group that is open in it.</summary>
    private sealed class OpenFile : IDisposable
    {
        // A column takes some 150 bytes of a row group's metadata, bounds and the header of a page each.
        private const int ColumnBytes = 320;

        private readonly ReadyBytes _stream;
        private readonly ParquetColumn[] _columns;
        private readonly GroupNode _schema;
        private readonly WriterProperties _properties;
        private readonly ParquetFileWriter _file;
        private readonly ColumnWriter?[] _writers;
        private RowGroupWriter? _group;
        private int _groups;

        public OpenFile(RecordBatch batch, bool labels, ReadyBytes stream)
        {
            int[] positions = [.. Enumerable.Range(0, batch.Columns.Count).Where(position => labels || !batch.Columns[position].Field.IsLabel)];
            _stream = stream;
            _columns = [.. positions.Select(position => ParquetColumn.Create(position, batch))];
            _writers = new ColumnWriter?[_columns.Length];
            _schema = ParquetLayout.CreateSchema(positions.Select(position => batch.Columns[position].Field));
            _properties = ParquetLayout.CreateProperties(positions.Select(position => batch.Columns[position]));
            _file = new ParquetFileWriter(stream, _schema, _properties, keyValueMetadata: null, leaveOpen: true);
            DictionaryBytes = positions.Select(position => batch.Columns[position]).OfType<DictionaryColumn>().Sum(column => Bytes(column.Dictionary));
        }

        public long DictionaryBytes { get; }

        /// <summary>What the end of the file takes at most, that of the open group among it.</summary>
        public long FooterBytes => (_groups + 2) * (long)_columns.Length * ColumnBytes;

        public long MaxBytes(BlockSlice slice)
        {
            long bytes = 0;
            foreach (ParquetColumn column in _columns)
            {
                bytes += column.MaxBytes(slice.Block.Batch!, slice.Block.Offset + slice.First, slice.Count);
            }

            return bytes;
        }

        public void Write(BlockSlice slice)
        {
            _group ??= _file.AppendBufferedRowGroup();
            for (int column = 0; column < _columns.Length; column++)
            {
                ColumnWriter writer = _writers[column] ??= _group.Column(column);
                _columns[column].Write(writer, slice.Block.Batch!, slice.Block.Offset + slice.First, slice.Count);
            }
        }

        /// <summary>Ends the open group.</summary>
        /// <returns>Its bytes.</returns>
        public long EndGroup()
        {
            long start = _stream.Position;
            CloseGroup();
            _groups++;
            return _stream.Position - start;
        }

        public void Close() => _file.Close();

        public void Dispose()
        {
            CloseGroup();
            _file.Dispose();
            _properties.Dispose();
            _schema.Dispose();
        }

        private static long Bytes(Utf8Dictionary dictionary) => Enumerable.Range(0, dictionary.Count).Sum(entry => (long)dictionary.Get(entry).Length + sizeof(int));

        private void CloseGroup()
        {
            foreach (ColumnWriter? writer in _writers)
            {
                writer?.Dispose();
            }

            Array.Clear(_writers);
            _group?.Close();
            _group?.Dispose();
            _group = null;
        }
    }
}
