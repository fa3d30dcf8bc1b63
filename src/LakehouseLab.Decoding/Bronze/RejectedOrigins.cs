using LakehouseLab.Formats.Parquet;
using ParquetSharp;

namespace LakehouseLab.Decoding.Bronze;

/// <summary>
/// What few records of a Bronze row group are asked for besides their text: those that go to quarantine, or begin with a byte order
/// mark. So a column is read when the first record asks for it. Not thread-safe.
/// </summary>
/// <param name="columns">The file's columns, of no other use meanwhile.</param>
/// <param name="group">The row group.</param>
internal sealed class RejectedOrigins(BronzeColumns columns, RowGroupReader group)
{
    private readonly int _rows = (int)group.MetaData.NumRows;
    private TextRuns? _formats;
    private TextRuns? _emulations;
    private TextRuns? _sources;
    private NumbersBuffer? _offsets;
    private Dictionary<int, byte[]>? _binaries;

    /// <summary>Format of a record's source.</summary>
    public ReadOnlySpan<byte> FormatAt(int row) => (_formats ??= new TextRuns(columns, group, "_format", _rows)).At(row);

    /// <summary>Emulation of a record; empty for none.</summary>
    public ReadOnlySpan<byte> EmulationAt(int row) => (_emulations ??= new TextRuns(columns, group, "_emulation_id", _rows)).At(row);

    /// <summary>Whether a record is what a raw object of JSON begins with. No topic's name has a slash.</summary>
    public bool IsStartOfObjectAt(int row)
    {
        if (_offsets is null)
        {
            _offsets = new NumbersBuffer();
            columns.ReadNumbers(group, "_offset", _rows, _offsets);
        }

        return _offsets.Present[row] == 0
            && (_sources ??= new TextRuns(columns, group, "_source", _rows)).At(row).StartsWith("raw/"u8) && FormatAt(row).SequenceEqual("json"u8);
    }

    /// <summary>Whether a record that has no text has bytes; a tombstone has none.</summary>
    public bool HasBinaryAt(int row) => (_binaries ??= ReadBinaries()).ContainsKey(row);

    /// <summary>Bytes of a record that is not UTF-8; empty for others.</summary>
    public ReadOnlySpan<byte> BinaryAt(int row) => (_binaries ??= ReadBinaries()).GetValueOrDefault(row);

    private Dictionary<int, byte[]> ReadBinaries()
    {
        Dictionary<int, byte[]> binaries = [];
        columns.ReadBytes(group, "payload_bytes", _rows, (row, present, value) =>
        {
            if (present)
            {
                binaries[row] = value.ToArray();
            }
        });
        return binaries;
    }
}
