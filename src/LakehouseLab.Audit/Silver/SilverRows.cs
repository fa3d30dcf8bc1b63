using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>Some rows of a Silver table: which row of the domain each is, and a hash of its values. Used again and again; not thread-safe.</summary>
internal sealed class SilverRows
{
    private readonly IDataFactory _factory;
    private readonly Domain _domain;
    private readonly DomainSchema _schema;

    // Since when a row is valid, of a domain whose records replace each other, and the fields that tell it.
    private readonly TableColumn? _validFrom;
    private readonly int[] _since;
    private readonly TableColumn[] _key;
    private readonly TableColumn[] _rest;
    private readonly int[] _order;
    private readonly BatchValues _values = new();
    private ulong[] _hashes = [];
    private ulong[] _first = [];
    private ulong[] _second = [];
    private ulong[] _origins = [];
    private int[] _sources = [];
    private readonly List<string> _replays = [];
    private long[] _batches = [];

    /// <summary>Prepares the reading of a domain's table.</summary>
    public SilverRows(IDataFactory factory)
    {
        _factory = factory;
        _domain = factory.Domain;
        _schema = factory.Schema;
        _validFrom = _domain.Validity is { } validity ? TableColumn.Of(validity.Column) : null;
        _since = [.. (_domain.Validity?.Since ?? []).Select(_schema.IndexOf)];
        int[] key = [.. _domain.Key.Fields.Select(field => _schema.IndexOf(field.Name))];
        _order = [.. key, .. Enumerable.Range(0, _schema.Fields.Count).Except(key)];
        _key = [.. key.Select(field => TableColumn.Of(_schema.Fields[field]))];
        _rest = [.. _order.Skip(key.Length).Select(field => TableColumn.Of(_schema.Fields[field])), .. _validFrom is null ? (TableColumn[])[] : [_validFrom]];
    }

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Reads rows.</summary>
    public void Read(TableGroup group)
    {
        Count = group.Rows;
        if (_hashes.Length < Count)
        {
            (_hashes, _first, _second) = (new ulong[Count], new ulong[Count], new ulong[Count]);
            (_origins, _sources, _batches) = (new ulong[Count], new int[Count], new long[Count]);
        }

        Array.Clear(_hashes);
        ulong[] words = _first;
        foreach (TableColumn column in _key)
        {
            if (column.Type == FieldType.Uuid)
            {
                group.Read(column, new UuidSink(_hashes, _first, _second));
            }
            else
            {
                group.Read(column, new KeyWordSink(_hashes, words));
                words = _second;
            }
        }

        foreach (TableColumn column in _rest)
        {
            group.Read(column, new HashSink(_hashes, column.Type));
        }
    }

    /// <summary>Reads where the rows say that they come from.</summary>
    public void ReadOrigins(TableGroup group)
    {
        Array.Clear(_origins);
        foreach (TableColumn column in TableDeclaration.Lineage)
        {
            if (column == TableDeclaration.Lineage[0])
            {
                group.Read(column, new OriginSink(_origins, _batches));
            }
            else if (column.Type == FieldType.Text)
            {
                group.Read(column, new RepeatedTextSink(_origins, _sources, NumberOf));
            }
            else
            {
                group.Read(column, new HashSink(_origins, column.Type));
            }
        }
    }

    /// <summary>The last batch of Bronze among the rows read; -1 for none.</summary>
    public long LastBatch
    {
        get
        {
            long last = -1;
            foreach (long batch in _batches.AsSpan(0, Count))
            {
                last = Math.Max(last, batch);
            }

            return last;
        }
    }

    /// <summary>The repaired record that a row says it comes from; null when it names another source.</summary>
    public string? ReplayOf(int row) => _sources[row] > 0 ? _replays[_sources[row] - 1] : null;

    /// <summary>The hash of where a row says that it comes from.</summary>
    public ulong OriginHashOf(int row) => _origins[row];

    /// <summary>The hash of a row's values.</summary>
    public ulong HashOf(int row) => _hashes[row];

    /// <summary>The row of the domain that a row has the key of, or -1 when it has that of none.</summary>
    public long DomainRowOf(int row) => _domain.Key.Read(new KeyWords(_first[row], _second[row])) is { } key ? _factory.FindRow(key) : -1;

    /// <summary>The hashes that rows of a batch should have.</summary>
    public void Hash(RecordBatch batch, bool labels, int first, Span<ulong> hashes)
    {
        hashes.Clear();
        foreach (int field in _order)
        {
            _values.Append(batch.Columns[field], labels, first, hashes.Length, hashes);
        }

        if (_validFrom is not null)
        {
            for (int i = 0; i < hashes.Length; i++)
            {
                hashes[i] = ValueHash.Append(hashes[i], ValueHash.Of(ValidFrom(batch, first + i)));
            }
        }
    }

    /// <summary>The values of some rows as people read them, by column.</summary>
    public Dictionary<string, string?[]> ReadTexts(TableGroup group, bool[] wanted)
    {
        Dictionary<string, string?[]> texts = [];
        foreach (TableColumn column in _key.Concat(_rest))
        {
            texts[column.Name] = new string?[group.Rows];
            group.Read(column, new TextSink(texts[column.Name], wanted, column));
        }

        return texts;
    }

    /// <summary>How a row's values differ from those of a row of a batch.</summary>
    /// <param name="texts">The values of <see cref="ReadTexts"/>.</param>
    /// <param name="row">The row among them.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="labels">Whether labels are known.</param>
    /// <param name="place">The row in the batch.</param>
    public IReadOnlyCollection<ColumnDifference> Differences(Dictionary<string, string?[]> texts, int row, RecordBatch batch, bool labels, int place)
    {
        IEnumerable<(string Name, string? Expected)> expected = _order.Select(field => (_schema.Fields[field].Name, BatchValues.TextOf(batch.Columns[field], labels, place)));
        if (_validFrom is not null)
        {
            expected = expected.Append((_validFrom.Name, ValueText.Of(_validFrom, ValidFrom(batch, place))));
        }

        return [.. expected.Select(value => new ColumnDifference(value.Name, value.Expected, texts[value.Name][row])).Where(value => value.Expected != value.Found)];
    }

    /// <summary>A row's key as people read it.</summary>
    public string KeyText(Dictionary<string, string?[]> texts, int row) => _domain.Key.Describe([.. _key.Select(column => texts[column.Name][row])]);

    private int NumberOf(ReadOnlySpan<byte> source)
    {
        if (!Replay.IsSource(source))
        {
            return 0;
        }

        _replays.Add(System.Text.Encoding.UTF8.GetString(source));
        return _replays.Count;
    }

    private long ValidFrom(RecordBatch batch, int row)
    {
        foreach (int field in _since)
        {
            if (!batch.Columns[field].IsNull(row))
            {
                return BatchValues.NumberOf(batch.Columns[field], row);
            }
        }

        throw new InvalidOperationException($"row {row} of {_domain.Name} is valid from no instant");
    }

    // Appends values to the rows' hashes, and keeps them as the words of a key.
    private readonly struct KeyWordSink(ulong[] hashes, ulong[] words) : IValueSink
    {
        public void Null(int row) => Set(row, ValueHash.Null, KeyWords.Absent);

        public void Number(int row, long value) => Set(row, ValueHash.Of(value), unchecked((ulong)value));

        public void Text(int row, ReadOnlySpan<byte> bytes) => Set(row, ValueHash.Of(bytes), KeyWords.Absent);

        private void Set(int row, ulong code, ulong word)
        {
            hashes[row] = ValueHash.Append(hashes[row], code);
            words[row] = word;
        }
    }
}
