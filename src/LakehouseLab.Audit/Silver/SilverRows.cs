using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>Some rows of a Silver table: which row of the domain each is, and a hash of its values. Used again and again; not thread-safe.</summary>
internal sealed class SilverRows
{
    private const long MicrosecondsPerMillisecond = 1000;
    private static readonly TableColumn s_validFrom = new("valid_from", FieldType.Timestamp);

    private readonly IDataFactory _factory;
    private readonly DomainSchema _schema;
    private readonly TableColumn[] _key;
    private readonly TableColumn[] _rest;
    private readonly int[] _order;
    private readonly BatchValues _values = new();
    private ulong[] _hashes = [];
    private ulong[] _high = [];
    private ulong[] _low = [];
    private long[] _instants = [];
    private ulong[] _origins = [];
    private int[] _sources = [];
    private long[] _batches = [];

    /// <summary>Prepares the reading of a domain's table.</summary>
    public SilverRows(IDataFactory factory)
    {
        _factory = factory;
        _schema = factory.Schema;
        int[] key = [.. _schema.Key.Select(_schema.IndexOf)];
        _order = [.. key, .. Enumerable.Range(0, _schema.Fields.Count).Except(key)];
        _key = [.. key.Select(field => TableColumn.Of(_schema.Fields[field]))];
        _rest = [.. _order.Skip(key.Length).Select(field => TableColumn.Of(_schema.Fields[field])), .. IsOfProfiles ? [s_validFrom] : (TableColumn[])[]];
    }

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>What the table's log should declare.</summary>
    public TableDeclaration Declaration => IsOfProfiles
        ? TableDeclaration.Silver(TableOf(_schema), _schema, s_validFrom)
        : TableDeclaration.Silver(TableOf(_schema), _schema);

    // A profile's key is a user and an instant, that of every other domain a UUID.
    private bool IsOfProfiles => IsVersioned(_schema);

    /// <summary>The name in Silver of a domain's table.</summary>
    public static string TableOf(DomainSchema schema) => IsVersioned(schema) ? "user_profiles_history" : schema.Table;

    private static bool IsVersioned(DomainSchema schema) => schema.Key.Count == 2;

    /// <summary>Reads rows.</summary>
    public void Read(TableGroup group)
    {
        Count = group.Rows;
        if (_hashes.Length < Count)
        {
            (_hashes, _high, _low, _instants) = (new ulong[Count], new ulong[Count], new ulong[Count], new long[Count]);
            (_origins, _sources, _batches) = (new ulong[Count], new int[Count], new long[Count]);
        }

        Array.Clear(_hashes);
        if (IsOfProfiles)
        {
            group.Read(_key[0], new KeyNumberSink(_hashes, _high));
            group.Read(_key[1], new HashSink(_hashes, FieldType.Timestamp));
            group.Read(_key[1], new NumberSink(_instants, long.MinValue));
        }
        else
        {
            group.Read(_key[0], new UuidSink(_hashes, _high, _low));
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
                group.Read(column, new RepeatedTextSink(_origins, _sources, static _ => 0));
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

    /// <summary>The hash of where a row says that it comes from.</summary>
    public ulong OriginHashOf(int row) => _origins[row];

    /// <summary>The hash of a row's values.</summary>
    public ulong HashOf(int row) => _hashes[row];

    /// <summary>The row of the domain that a row has the key of, or -1 when it has that of none.</summary>
    public long DomainRowOf(int row)
    {
        if (!IsOfProfiles)
        {
            return _factory.FindRow(RecordKey.OfUuid(_high[row], _low[row]));
        }

        long instant = _instants[row];
        return instant == long.MinValue ? _factory.FindRow(RecordKey.OfProfile(unchecked((long)_high[row]), null))
            : instant % MicrosecondsPerMillisecond == 0 ? _factory.FindRow(RecordKey.OfProfile(unchecked((long)_high[row]), instant / MicrosecondsPerMillisecond))
            : -1;
    }

    /// <summary>The hashes that rows of a batch should have.</summary>
    public void Hash(RecordBatch batch, bool labels, int first, Span<ulong> hashes)
    {
        hashes.Clear();
        foreach (int field in _order)
        {
            _values.Append(batch.Columns[field], labels, first, hashes.Length, hashes);
        }

        if (IsOfProfiles)
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
        if (IsOfProfiles)
        {
            expected = expected.Append((s_validFrom.Name, ValueText.Of(s_validFrom, ValidFrom(batch, place))));
        }

        return [.. expected.Select(value => new ColumnDifference(value.Name, value.Expected, texts[value.Name][row])).Where(value => value.Expected != value.Found)];
    }

    /// <summary>A row's key as people read it.</summary>
    public string KeyText(Dictionary<string, string?[]> texts, int row) => string.Join(" as of ", _key.Select(column => texts[column.Name][row]).Where(text => text is not null));

    private long ValidFrom(RecordBatch batch, int row)
    {
        Column updatedAt = batch.Columns[_schema.IndexOf("updated_at")];
        return BatchValues.NumberOf(updatedAt.IsNull(row) ? batch.Columns[_schema.IndexOf("signup_date")] : updatedAt, row);
    }

    private readonly struct KeyNumberSink(ulong[] hashes, ulong[] values) : IValueSink
    {
        public void Null(int row) => Set(row, ValueHash.Null, 0);

        public void Number(int row, long value) => Set(row, ValueHash.Of(value), unchecked((ulong)value));

        public void Text(int row, ReadOnlySpan<byte> bytes) => Set(row, ValueHash.Of(bytes), 0);

        private void Set(int row, ulong code, ulong value)
        {
            hashes[row] = ValueHash.Append(hashes[row], code);
            values[row] = value;
        }
    }
}
