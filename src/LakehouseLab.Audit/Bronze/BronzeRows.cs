using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The records of some rows of a Bronze table: where each came from and a hash of its bytes. Used again and again; not thread-safe.</summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="chunks">Their chunks.</param>
/// <param name="factory">Finds rows by keys.</param>
internal sealed class BronzeRows(DomainRanges ranges, ChunkIndex chunks, IDataFactory factory)
{
    private static readonly TableColumn s_payload = new("payload", FieldType.Text);
    private static readonly TableColumn s_bytes = new("payload_bytes", FieldType.Text);
    private static readonly TableColumn s_emulation = new("_emulation_id", FieldType.Text);
    private static readonly TableColumn s_source = new("_source", FieldType.Text);
    private static readonly TableColumn s_offset = new("_offset", FieldType.Int64);

    private readonly DeliveredRange[] _emulations = [.. ranges.Ranges.DistinctBy(range => range.Manifest.Id)];
    private readonly Dictionary<string, int> _numbers = ranges.Ranges.DistinctBy(range => range.Manifest.Id).Index().ToDictionary(pair => pair.Item.Manifest.Id.ToString(), pair => pair.Index);
    private readonly RecordRows _records = new(factory);
    private readonly TopicSources _topics = new(ranges);
    private readonly HashSet<(int Source, long Offset)> _examined = [];
    private int[] _emulated = [];
    private int[] _chunks = [];
    private long[] _keyRows = [];
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
            _emulated = new int[Count];
            _keyRows = new long[Count];
            _chunks = new int[Count];
            _offsets = new long[Count];
            _hashes = new ulong[Count];
        }

        group.Read(s_emulation, new NumberedSink(_emulated, text => _numbers.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(text), -1)));
        group.Read(s_source, new NumberedSink(_chunks, text => chunks.Find(text) is int chunk and >= 0 ? chunk : _topics.NumberOf(text)));
        group.Read(s_offset, new NumberSink(_offsets, -1));
    }

    /// <summary>Reads the hashes of the rows' bytes and, of those from topics, which row of the domain their keys name.</summary>
    public void ReadHashes(TableGroup group)
    {
        Array.Clear(_hashes);
        _keyRows.AsSpan(0, Count).Fill(-1);
        group.Read(s_payload, new RecordSink(this));
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

    /// <summary>The emulation that made a row, some range of it: the one that it names or, of a message without header, the one whose
    /// row its key names. Null when it is none of the lake's.</summary>
    public DeliveredRange? EmulationOf(int row)
    {
        if (_emulated[row] >= 0)
        {
            return _emulations[_emulated[row]];
        }

        return _topics.TopicOf(_chunks[row]) is { } topic && ranges.Find(_keyRows[row]) is int range and >= 0 && TopicSources.TopicOf(ranges.Ranges[range].Manifest, ranges.Schema) == topic
            ? ranges.Ranges[range]
            : null;
    }

    /// <summary>Whether a row comes from a topic, and from a place there that was not asked for before.</summary>
    public bool IsNewMessage(int row) => _topics.TopicOf(_chunks[row]) is not null && _examined.Add((_chunks[row], _offsets[row]));

    /// <summary>The number of the chunk that a row names; negative when it names none.</summary>
    public int ChunkOf(int row) => _chunks[row];

    /// <summary>The row of the domain that lies in the place of the raw records that a row names or, from a topic, that its key names.</summary>
    /// <returns>It, or -1 when that is none which the emulation that the row names delivered.</returns>
    public long DomainRowOf(int row)
    {
        if (EmulationOf(row)?.Manifest is not { } emulation)
        {
            return -1;
        }

        if (emulation.Sync == SyncSystem.Kafka)
        {
            int delivered = ranges.Find(_keyRows[row]);
            return delivered >= 0 && ranges.Ranges[delivered].Manifest.Id == emulation.Id ? _keyRows[row] : -1;
        }

        if (_chunks[row] < 0)
        {
            return -1;
        }

        (int range, ChunkInfo chunk) = chunks.Chunks[_chunks[row]];
        return ranges.Ranges[range].Manifest.Id == emulation.Id && _offsets[row] >= 0 && _offsets[row] < chunk.Rows ? chunk.FirstRow + _offsets[row] : -1;
    }

    /// <summary>The place that a row names, as a person reads it.</summary>
    public string OriginOf(int row) =>
        _chunks[row] >= 0 ? FormattableString.Invariant($"{chunks.Chunks[_chunks[row]].Chunk.Key} line {_offsets[row] + 1}")
        : _topics.TopicOf(_chunks[row]) is not null ? FormattableString.Invariant($"{_topics.TextOf(_chunks[row])}@{_offsets[row]}")
        : "a source that no manifest lists";

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

    private readonly struct RecordSink(BronzeRows rows) : IValueSink
    {
        public void Null(int row)
        {
            // The bytes are in the other column.
        }

        public void Number(int row, long value)
        {
            // Bytes are no numbers.
        }

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            rows._hashes[row] = ValueHash.Of(bytes);
            if (rows._topics.TopicOf(rows._chunks[row]) is not null)
            {
                rows._keyRows[row] = rows._records.Find(bytes);
            }
        }
    }

    private delegate int NumberOfText(ReadOnlySpan<byte> text);

    private sealed class Memo
    {
        public byte[] Text { get; set; } = [];

        public int Number { get; set; } = -1;
    }
}
