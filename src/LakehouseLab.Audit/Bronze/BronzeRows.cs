using System.Globalization;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Audit.Values;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The records of some rows of a Bronze table: where each came from and a hash of all that is said of it. Used again and again; not thread-safe.</summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="chunks">Their chunks.</param>
/// <param name="factory">Finds rows by keys.</param>
/// <param name="ingested">Which batch ingested what.</param>
internal sealed class BronzeRows(DomainRanges ranges, ChunkIndex chunks, IDataFactory factory, IngestedBatches ingested)
{
    // Added to the hash of a row that says of itself what cannot be, so that its block differs and is opened.
    private const ulong Odd = 0x5851F42D4C957F2DUL;
    private const string MessageFormat = "json";

    // What a row has instead of a number of an emulation that names one which is not the lake's, or not of this domain.
    private const int Stranger = -2;

    private static readonly TableColumn s_payload = TableColumn.Text("payload");
    private static readonly TableColumn s_bytes = TableColumn.Bytes("payload_bytes");
    private static readonly TableColumn s_format = TableColumn.Text("_format");
    private static readonly TableColumn s_emulation = TableColumn.Text("_emulation_id");
    private static readonly TableColumn s_key = TableColumn.Text("_key");

    /// <summary>The timestamps of messages.</summary>
    public static TableColumn Timestamp { get; } = TableColumn.Instant("_timestamp");

    private readonly DeliveredRange[] _emulations = [.. ranges.Ranges.DistinctBy(range => range.Manifest.Id)];
    private readonly Dictionary<string, int> _numbers = ranges.Ranges.DistinctBy(range => range.Manifest.Id).Index().ToDictionary(pair => pair.Item.Manifest.Id.ToString(), pair => pair.Index);
    private readonly RecordRows _records = new(factory);
    private readonly TopicSources _topics = new(ranges);
    private readonly List<string> _formatNames = [.. ChunkFormat.Names];
    private readonly HashSet<(int Source, long Offset)> _examined = [];
    private readonly int[] _emulationOf = NumbersOf(ranges);
    private readonly int[] _formatOf = [.. ranges.Ranges.Select(range => FormatNumberOf(range.Manifest))];
    private int[] _emulated = [];
    private int[] _chunks = [];
    private int[] _formats = [];
    private long[] _keyRows = [];
    private long[] _batches = [];
    private long[] _offsets = [];
    private long[] _ingested = [];
    private ulong[] _hashes = [];
    private ulong[] _origins = [];
    private ulong[] _keys = [];
    private bool[] _hasBytes = [];
    private long[] _timestamps = [];
    private ulong[] _emulationCodes = [];
    private (int Source, IngestedSpan Span) _ingestedLast = (-1, default);

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Reads where the rows came from.</summary>
    public void ReadOrigins(TableGroup group)
    {
        Count = group.Rows;
        if (_offsets.Length < Count)
        {
            (_emulated, _chunks, _formats) = (new int[Count], new int[Count], new int[Count]);
            (_keyRows, _batches, _offsets, _ingested) = (new long[Count], new long[Count], new long[Count], new long[Count]);
            (_hashes, _origins, _keys) = (new ulong[Count], new ulong[Count], new ulong[Count]);
            (_hasBytes, _timestamps, _emulationCodes) = (new bool[Count], new long[Count], new ulong[Count]);
        }

        Array.Clear(_origins);
        IReadOnlyList<TableColumn> lineage = TableDeclaration.Lineage;
        group.Read(lineage[0], new OriginSink(_origins, _batches));
        group.Read(lineage[1], new RepeatedTextSink(_origins, _chunks, text => chunks.Find(text) is int chunk and >= 0 ? chunk : _topics.NumberOf(text)));
        group.Read(lineage[2], new OriginSink(_origins, _offsets));
        group.Read(lineage[3], new OriginSink(_origins, _ingested));
        Array.Clear(_emulationCodes);
        group.Read(s_emulation, new RepeatedTextSink(_emulationCodes, _emulated, text => _numbers.GetValueOrDefault(System.Text.Encoding.UTF8.GetString(text), Stranger)));
    }

    /// <summary>Reads the hashes of the rows' bytes, what is said beside them and, of those from topics, which row of the domain their keys name.</summary>
    public void ReadHashes(TableGroup group)
    {
        Array.Clear(_hashes);
        Array.Clear(_hasBytes);
        _keyRows.AsSpan(0, Count).Fill(-1);
        group.Read(s_payload, new RecordSink(this));
        group.Read(s_bytes, new BytesHashSink(_hashes, _hasBytes));
        group.Read(s_format, new RepeatedTextSink(null, _formats, FormatOf));
        group.Read(s_key, new KeySink(_keys));
        group.Read(Timestamp, new NumberSink(_timestamps, MessageContent.NoTimestamp));
    }

    /// <summary>Reads the bytes of some rows.</summary>
    public static byte[]?[] ReadBytes(TableGroup group, bool[] wanted)
    {
        byte[]?[] bytes = new byte[]?[group.Rows];
        group.Read(s_bytes, new BytesSink(bytes, wanted));
        group.Read(s_payload, new BytesSink(bytes, wanted));
        return bytes;
    }

    /// <summary>Reads the keys of some rows.</summary>
    public static string?[] ReadKeys(TableGroup group, bool[] wanted) => ReadTexts(group, s_key, wanted);

    /// <summary>Reads the emulations that some rows name.</summary>
    public static string?[] ReadEmulations(TableGroup group, bool[] wanted) => ReadTexts(group, s_emulation, wanted);

    /// <summary>The hash of a row in the place of a row of the domain.</summary>
    /// <param name="row">The row.</param>
    /// <param name="domainRow">The row of the domain.</param>
    /// <param name="emulation">The row's emulation.</param>
    public ulong HashOf(int row, long domainRow, DeliveredRange emulation) => PlacedRecord.HashOf(_hashes[row], domainRow, _keys[row]) ^ (IsOdd(row, emulation) ? Odd : 0);

    /// <summary>The hash of a row's origin.</summary>
    public ulong OriginHashOf(int row) => _origins[row];

    /// <summary>A row's origin.</summary>
    public RecordOrigin OriginAt(int row) => new(_batches[row], SourceOf(row), _offsets[row], _ingested[row]);

    /// <summary>Whether a row is a message of another lake or another domain: it comes from a topic and names an emulation that is not among the lake's of this domain.</summary>
    public bool IsForeign(int row) => _emulated[row] == Stranger && IsMessage(row);

    /// <summary>Whether a row says that it is a repaired record.</summary>
    public bool IsReplay(int row) => _topics.IsReplay(_chunks[row]);

    /// <summary>The emulation that made a row, some range of it: that of its chunk, the one that it names or, of a message without header, the
    /// one whose row its key names. Null when it is none of the lake's.</summary>
    public DeliveredRange? EmulationOf(int row)
    {
        if (_chunks[row] >= 0)
        {
            return ranges.Ranges[chunks.Chunks[_chunks[row]].Range];
        }

        if (_emulated[row] >= 0)
        {
            return _emulations[_emulated[row]];
        }

        return _emulated[row] != Stranger && _topics.TopicOf(_chunks[row]) is { } topic && ranges.Find(_keyRows[row]) is int range and >= 0 && TopicSources.TopicOf(ranges.Ranges[range].Manifest, ranges.Domain) == topic
            ? ranges.Ranges[range]
            : null;
    }

    /// <summary>Whether a row comes from a topic, and from a place there that was not asked for before.</summary>
    public bool IsNewMessage(int row) => IsMessage(row) && _examined.Add((_chunks[row], _offsets[row]));

    /// <summary>The topic that a row comes from; null when it comes from none of the lake's.</summary>
    public string? TopicOf(int row) => _topics.TopicOf(_chunks[row]);

    /// <summary>The partition that a row comes from; -1 when it comes from none.</summary>
    public int PartitionOf(int row) => _topics.PartitionOf(_chunks[row]);

    /// <summary>What the message is that a row has, besides its place.</summary>
    public MessageContent ContentOf(int row) => new(_hashes[row], _keys[row], _timestamps[row], _emulationCodes[row]);

    /// <summary>The number of the chunk that a row names; negative when it names none.</summary>
    public int ChunkOf(int row) => _chunks[row];

    /// <summary>The name of a source that is not a chunk.</summary>
    public string NameOf(int source) => _topics.TextOf(source);

    /// <summary>The number of a source that is not a chunk.</summary>
    public int NumberOf(string source) => _topics.NumberOf(System.Text.Encoding.UTF8.GetBytes(source));

    /// <summary>The line or offset that a row names.</summary>
    public long OffsetOf(int row) => _offsets[row];

    /// <summary>The row of the domain that is in the place of the raw records that a row names or, from a topic or of a repaired record, that its key names.</summary>
    /// <returns>The row, or -1 when the emulation that it names did not deliver it.</returns>
    public long DomainRowOf(int row) => DomainRowOf(row, EmulationOf(row));

    /// <summary>The same of a row whose emulation is known.</summary>
    public long DomainRowOf(int row, DeliveredRange? range)
    {
        if (IsReplay(row))
        {
            return ranges.Find(_keyRows[row]) is int own and >= 0 && ranges.Ranges[own].IsAudited ? _keyRows[row] : -1;
        }

        if (range?.Manifest is not { } emulation)
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

        ChunkInfo chunk = chunks.Chunks[_chunks[row]].Chunk;
        return _offsets[row] >= 0 && _offsets[row] < chunk.Rows ? chunk.FirstRow + _offsets[row] : -1;
    }

    /// <summary>Whether the batch that a row names ingested what the row says that it comes from, as far as progress tells.</summary>
    public bool IsIngested(int row)
    {
        (int source, IngestedSpan last) = _ingestedLast;
        if (_chunks[row] == source && _batches[row] == last.Batch && last.Has(_offsets[row]))
        {
            return true;
        }

        IReadOnlyList<IngestedSpan> spans = ingested.Of(SourceOf(row));
        IngestedSpan span = spans.Count == 0 ? new IngestedSpan(long.MinValue, long.MaxValue, _batches[row], null) : spans.FirstOrDefault(span => span.Batch == _batches[row] && span.Has(_offsets[row]));
        _ingestedLast = (_chunks[row], span);
        return spans.Count == 0 || span.Has(_offsets[row]);
    }

    /// <summary>What a row says beside its record that cannot be.</summary>
    /// <param name="row">The row.</param>
    /// <param name="domainRow">The row of the domain that its record is; -1 for none.</param>
    /// <param name="key">The key that it has.</param>
    /// <param name="expectedKey">The key of a message with its record; null when that is not known.</param>
    public IReadOnlyList<ColumnDifference> DifferencesOf(int row, long domainRow, string? key, string? expectedKey)
    {
        List<ColumnDifference> differences = [];
        void AddIf(bool differs, string column, string? expected, string? found) => differences.AddRange(differs ? [new ColumnDifference(column, expected, found)] : []);
        DeliveredRange emulation = EmulationOf(row)!;
        bool isMessage = emulation.Manifest.Sync == SyncSystem.Kafka;
        AddIf(_hasBytes[row], s_bytes.Name, null, BytesText(true));
        AddIf(_formats[row] != _formatOf[emulation.Index], s_format.Name, isMessage ? MessageFormat : emulation.Manifest.Format, _formats[row] < 0 ? null : _formatNames[_formats[row]]);
        AddIf(NamesAnother(row, emulation), s_emulation.Name, emulation.Manifest.Id.ToString(), _emulated[row] < 0 ? "none of its domain" : _emulations[_emulated[row]].Manifest.Id.ToString());
        AddIf(isMessage ? expectedKey is not null && key != expectedKey : key is not null, s_key.Name, isMessage ? expectedKey : null, key);
        AddIf(!isMessage && HasTime(row), Timestamp.Name, null, "an instant");
        AddIf(_batches[row] < 0, "_batch", "a batch", null);
        if (_batches[row] >= 0 && !IsIngested(row) && (chunks.Find(domainRow) is var chunk && (chunk < 0 || chunk == _chunks[row])))
        {
            differences.Add(BatchDifferenceOf(row));
        }

        AddIf(_ingested[row] < 0, "_ingested_at", "an instant", null);
        return differences;
    }

    /// <summary>How a row differs from the repaired record that its batch appended, and from what is said of such records.</summary>
    public IReadOnlyList<ColumnDifference> DifferencesOf(int row, Replay replay, byte[] record, string? key)
    {
        List<ColumnDifference> differences = [];
        void AddIf(bool differs, string column, string? expected, string? found) => differences.AddRange(differs ? [new ColumnDifference(column, expected, found)] : []);
        AddIf(!record.AsSpan().SequenceEqual(replay.Bytes), s_payload.Name, JsonDifference.Shorten(replay.Bytes), JsonDifference.Shorten(record));
        AddIf(_hasBytes[row], s_bytes.Name, null, BytesText(true));
        AddIf(_formats[row] < 0 || _formatNames[_formats[row]] != Replay.Format, s_format.Name, Replay.Format, _formats[row] < 0 ? null : _formatNames[_formats[row]]);
        AddIf(_emulated[row] != -1, s_emulation.Name, null, "an emulation");
        AddIf(key is not null, s_key.Name, null, key);
        AddIf(HasTime(row), Timestamp.Name, null, "an instant");
        AddIf(_batches[row] != replay.Batch, "_batch", replay.Batch.ToString(CultureInfo.InvariantCulture), _batches[row].ToString(CultureInfo.InvariantCulture));
        AddIf(_offsets[row] != Replay.Offset, "_offset", "0", _offsets[row].ToString(CultureInfo.InvariantCulture));
        AddIf(_ingested[row] < 0, "_ingested_at", "an instant", null);
        return differences;
    }

    /// <summary>What quarantine takes over from a row beside its record, as people read it.</summary>
    public IEnumerable<(string Column, string? Text)> TextsOf(int row) =>
    [
        (s_bytes.Name, BytesText(_hasBytes[row])),
        (s_format.Name, _formats[row] < 0 ? null : _formatNames[_formats[row]]),
        (TableDeclaration.Lineage[3].Name, _ingested[row] < 0 ? null : ValueText.Of(TableDeclaration.Lineage[3], _ingested[row])),
    ];

    /// <summary>What people read of the column of bytes, which are compared with those of the other column as one.</summary>
    public static string? BytesText(bool present) => present ? "bytes" : null;

    /// <summary>The source that a row names.</summary>
    public string SourceOf(int row) => _chunks[row] >= 0 ? chunks.Chunks[_chunks[row]].Chunk.Key : _topics.TextOf(_chunks[row]);

    /// <summary>The place that a row names, as a person reads it.</summary>
    public string OriginOf(int row) =>
        _chunks[row] >= 0 ? FormattableString.Invariant($"{SourceOf(row)} line {_offsets[row] + 1}")
        : IsMessage(row) ? FormattableString.Invariant($"{SourceOf(row)}@{_offsets[row]}")
        : "a source that no manifest lists";

    /// <summary>What differs of a row whose batch did not ingest it: the batch or, when none ingested it, its place.</summary>
    public ColumnDifference BatchDifferenceOf(int row)
    {
        IEnumerable<long> batches = ingested.Of(SourceOf(row)).Where(span => span.Has(_offsets[row])).Select(span => span.Batch);
        return batches.Any()
            ? new ColumnDifference("_batch", batches.First().ToString(CultureInfo.InvariantCulture), _batches[row].ToString(CultureInfo.InvariantCulture))
            : new ColumnDifference("_offset", "one that a batch ingested", _offsets[row].ToString(CultureInfo.InvariantCulture));
    }

    private static string?[] ReadTexts(TableGroup group, TableColumn column, bool[] wanted)
    {
        string?[] texts = new string?[group.Rows];
        group.Read(column, new TextSink(texts, wanted, column));
        return texts;
    }

    private bool HasTime(int row) => _timestamps[row] != MessageContent.NoTimestamp;

    private bool IsMessage(int row) => _topics.TopicOf(_chunks[row]) is not null;

    private bool IsOdd(int row, DeliveredRange emulation) =>
        _hasBytes[row] || _batches[row] < 0 || _ingested[row] < 0 || _formats[row] != _formatOf[emulation.Index] || NamesAnother(row, emulation) || !IsIngested(row)
        || (HasTime(row) && emulation.Manifest.Sync != SyncSystem.Kafka);

    // A message without header names no emulation.
    private bool NamesAnother(int row, DeliveredRange emulation) =>
        _emulated[row] >= 0 ? _emulated[row] != _emulationOf[emulation.Index] : emulation.Manifest.Sync != SyncSystem.Kafka;

    private static int[] NumbersOf(DomainRanges ranges)
    {
        Guid[] emulations = [.. ranges.Ranges.Select(range => range.Manifest.Id).Distinct()];
        return [.. ranges.Ranges.Select(range => Array.IndexOf(emulations, range.Manifest.Id))];
    }

    // Bronze has messages as lines of JSON, whatever made them.
    private static int FormatNumberOf(Manifest manifest)
    {
        string name = manifest.Sync == SyncSystem.Kafka ? MessageFormat : manifest.Format;
        return Enumerable.Range(0, ChunkFormat.Names.Count).Where(number => ChunkFormat.Names[number] == name).DefaultIfEmpty(-1).First();
    }

    private int FormatOf(ReadOnlySpan<byte> text) => FormatOf(System.Text.Encoding.UTF8.GetString(text));

    private int FormatOf(string name)
    {
        int number = _formatNames.IndexOf(name);
        if (number < 0)
        {
            number = _formatNames.Count;
            _formatNames.Add(name);
        }

        return number;
    }

    private readonly struct BytesHashSink(ulong[] hashes, bool[] present) : IValueSink
    {
        public void Null(int row)
        {
            // The bytes are in the other column.
        }

        public void Number(int row, long value)
        {
            // Bytes are not numbers.
        }

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            hashes[row] = ValueHash.Of(bytes);
            present[row] = true;
        }
    }

    private readonly struct KeySink(ulong[] codes) : IValueSink
    {
        public void Null(int row) => codes[row] = ValueHash.Null;

        public void Number(int row, long value) => codes[row] = ValueHash.Null ^ 1;

        public void Text(int row, ReadOnlySpan<byte> bytes) => codes[row] = PlacedRecord.KeyCodeOf(bytes);
    }

    private readonly struct RecordSink(BronzeRows rows) : IValueSink
    {
        public void Null(int row)
        {
            // The bytes are in the other column.
        }

        public void Number(int row, long value)
        {
            // Bytes are not numbers.
        }

        public void Text(int row, ReadOnlySpan<byte> bytes)
        {
            rows._hashes[row] = ValueHash.Of(bytes);
            if (rows.IsMessage(row) || rows.IsReplay(row))
            {
                rows._keyRows[row] = rows._records.Find(bytes);
            }
        }
    }
}
