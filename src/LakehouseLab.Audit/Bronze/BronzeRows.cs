using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The records of some rows of a Bronze table: where each came from and a hash of its bytes. Used again and again; not thread-safe.</summary>
internal sealed class BronzeRows(DomainRanges ranges, ChunkIndex chunks)
{
    private static readonly TableColumn s_payload = new("payload", FieldType.Text);
    private static readonly TableColumn s_bytes = new("payload_bytes", FieldType.Text);
    private static readonly TableColumn s_emulation = new("_emulation_id", FieldType.Text);
    private static readonly TableColumn s_source = new("_source", FieldType.Text);
    private static readonly TableColumn s_offset = new("_offset", FieldType.Int64);

    // An emulation with several ranges is known by its first.
    private readonly Dictionary<string, int> _emulations = ranges.Ranges
        .GroupBy(range => range.Manifest.Id)
        .ToDictionary(emulation => emulation.Key.ToString(), emulation => emulation.First().Index);
    private int[] _ranges = [];
    private int[] _chunks = [];
    private long[] _offsets = [];
    private ulong[] _hashes = [];

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Reads where the rows came from.</summary>
    public void ReadOrigins(TableGroup group)
    {
        Count = group.Rows;
        if (_offsets.Length < Count)
        {
            _ranges = new int[Count];
            _chunks = new int[Count];
            _offsets = new long[Count];
            _hashes = new ulong[Count];
        }

        group.Read(s_emulation, new NumberedSink(_ranges, text => _emulations.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(text), -1)));
        group.Read(s_source, new NumberedSink(_chunks, chunks.Find));
        group.Read(s_offset, new NumberSink(_offsets, -1));
    }

    /// <summary>Reads the hashes of the rows' bytes.</summary>
    public void ReadHashes(TableGroup group)
    {
        Array.Clear(_hashes);
        group.Read(s_payload, new BytesHashSink(_hashes));
        group.Read(s_bytes, new BytesHashSink(_hashes));
    }

    /// <summary>Reads the bytes of some rows.</summary>
    public static byte[]?[] ReadBytes(TableGroup group, bool[] wanted)
    {
        byte[]?[] bytes = new byte[]?[group.Rows];
        group.Read(s_payload, new BytesSink(bytes, wanted));
        group.Read(s_bytes, new BytesSink(bytes, wanted));
        return bytes;
    }

    /// <summary>The hash of a row's bytes.</summary>
    public ulong HashOf(int row) => _hashes[row];

    /// <summary>The first range of the emulation that a row names, or -1 when it names none of the lake's.</summary>
    public int RangeOf(int row) => _ranges[row];

    /// <summary>The number of the chunk that a row names, or -1 when it names none.</summary>
    public int ChunkOf(int row) => _chunks[row];

    /// <summary>The row of the domain that lies in the place of the raw records that a row names.</summary>
    /// <returns>It, or -1 when the place is in no chunk of the emulation that the row names.</returns>
    public long DomainRowOf(int row)
    {
        int number = _chunks[row];
        if (number < 0)
        {
            return -1;
        }

        (int range, ChunkInfo chunk) = chunks.Chunks[number];
        return _ranges[row] >= 0 && ranges.Ranges[range].Manifest.Id == ranges.Ranges[_ranges[row]].Manifest.Id && _offsets[row] >= 0 && _offsets[row] < chunk.Rows ? chunk.FirstRow + _offsets[row] : -1;
    }

    /// <summary>The place of the raw records that a row names, as a person reads it.</summary>
    public string OriginOf(int row) =>
        _chunks[row] < 0 ? "a source that no manifest lists" : FormattableString.Invariant($"{chunks.Chunks[_chunks[row]].Chunk.Key} line {_offsets[row] + 1}");

    // A text repeats from row to row, so its number is looked up once for each run.
    private readonly struct NumberedSink(int[] numbers, NumberOfText numberOf) : IValueSink
    {
        private readonly Memo _memo = new();

        public void Null(int row) => numbers[row] = -1;

        public void Number(int row, long value) => numbers[row] = -1;

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            if (!bytes.SequenceEqual(_memo.Text))
            {
                _memo.Text = bytes.ToArray();
                _memo.Number = numberOf(bytes);
            }

            numbers[row] = _memo.Number;
        }
    }

    private readonly struct BytesHashSink(ulong[] hashes) : IValueSink
    {
        public void Null(int row)
        {
            // The bytes are in the other column.
        }

        public void Number(int row, long value)
        {
            // Bytes are no numbers.
        }

        public void Text(int row, ReadOnlySpan<byte> bytes) => hashes[row] = ValueHash.Of(bytes);
    }

    private delegate int NumberOfText(ReadOnlySpan<byte> text);

    private sealed class Memo
    {
        public byte[] Text { get; set; } = [];

        public int Number { get; set; } = -1;
    }
}
