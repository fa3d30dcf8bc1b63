using LakehouseLab.Decoding.Bronze;
using LakehouseLab.Decoding.Records;
using LakehouseLab.Formats.Parquet;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Decoding.Files;

/// <summary>
/// A Parquet file of decoded records that an engine reads: the domain's fields by type, what else its table needs, and for a record
/// that cannot be taken the reason with its payload. Not thread-safe.
/// </summary>
public sealed class DecodedFileWriter : IDisposable
{
    private readonly Domain _domain;
    private readonly GroupNode _node;
    private readonly WriterProperties _properties;
    private readonly ParquetFileWriter _file;
    private readonly BytesBuffer?[] _texts;
    private readonly NumbersBuffer?[] _numbers;
    private readonly NumbersBuffer _validFrom = new();
    private readonly NumbersBuffer _keyHash = new();
    private readonly BytesBuffer _reason = new(optional: true);
    private readonly BytesBuffer _payload = new(optional: true);
    private readonly BytesBuffer _payloadBytes = new(optional: true);
    private readonly BytesBuffer _format = new(optional: true);
    private readonly BytesBuffer _emulation = new(optional: true);

    // What only rejected records have, in the file's order; filled up to the present row when one comes.
    private readonly BytesBuffer[] _rejections;
    private int _rows;

    /// <summary>The columns of such a file, in order.</summary>
    public static IReadOnlyList<string> ColumnsOf(Domain domain)
    {
        using GroupNode node = MakeSchema(domain);
        return [.. node.Fields.Select(field => field.Name)];
    }

    /// <summary>Writes a file without records, for readers that learn the columns from it.</summary>
    public static void WriteEmpty(string path, Domain domain)
    {
        using DecodedFileWriter writer = new(path, domain);
        writer.Close();
    }

    /// <summary>Begins a file.</summary>
    internal DecodedFileWriter(string path, Domain domain)
    {
        _domain = domain;
        _texts = [.. domain.Schema.Fields.Select(field => IsText(field.Type) ? new BytesBuffer(optional: true) : null)];
        _numbers = [.. domain.Schema.Fields.Select(field => IsText(field.Type) ? null : new NumbersBuffer())];
        _node = MakeSchema(domain);
        _rejections = [_reason, _payload, _payloadBytes, _format, _emulation];

        // It lives for seconds, so speed goes before size: compressing it would take longer than writing and reading it.
        WriterPropertiesBuilder properties = new WriterPropertiesBuilder().Compression(Compression.Uncompressed).DisableStatistics()
            .DisableDictionary("_key_hash").DisableDictionary("_offset").DisableDictionary("payload").DisableDictionary("payload_bytes");
        foreach (Field field in domain.Schema.Fields.Where(field => field.Type is FieldType.Uuid or FieldType.Timestamp or FieldType.Int64 or FieldType.Decimal))
        {
            properties = properties.DisableDictionary(field.Name);
        }

        _properties = properties.Build();
        _file = new ParquetFileWriter(path, _node, _properties);
    }

    /// <summary>Appends a record that can be taken.</summary>
    /// <param name="parser">The parser, which has just parsed it.</param>
    /// <param name="payload">The record.</param>
    /// <param name="validFrom">Since when it is valid, for domains whose records replace each other.</param>
    /// <param name="keyHash">Hash of its key.</param>
    internal void Add(RecordParser parser, ReadOnlySpan<byte> payload, long? validFrom, long keyHash)
    {
        ReadOnlySpan<FieldSlot> fields = parser.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            FieldSlot slot = fields[i];
            if (_texts[i] is { } texts)
            {
                if (slot.Present)
                {
                    texts.Add(parser.TextOf(slot, payload));
                }
                else
                {
                    texts.AddAbsent();
                }
            }
            else if (slot.Present)
            {
                _numbers[i]!.Add(slot.Number);
            }
            else
            {
                _numbers[i]!.AddAbsent();
            }
        }

        Add(_validFrom, validFrom);
        _keyHash.Add(keyHash);
        _rows++;
    }

    /// <summary>Appends a record that goes nowhere.</summary>
    internal void AddLeftOut()
    {
        AddReason(ForeignRecords.Omitted);
        _rows++;
    }

    /// <summary>Appends a record that cannot be taken.</summary>
    internal void AddRejected(string reason, BronzeRow row)
    {
        AddReason(reason);
        if (!row.IsAbsent)
        {
            (row.IsText ? _payload : _payloadBytes).Add(row.Payload);
        }

        _format.Add(row.Format);
        if (!row.Emulation.IsEmpty)
        {
            _emulation.Add(row.Emulation);
        }

        _rows++;
    }

    private void AddReason(string reason)
    {
        for (int i = 0; i < _texts.Length; i++)
        {
            _texts[i]?.AddAbsent();
            _numbers[i]?.AddAbsent();
        }

        _validFrom.AddAbsent();
        _keyHash.AddAbsent();
        foreach (BytesBuffer buffer in _rejections)
        {
            buffer.AbsentUntil(_rows);
        }

        _reason.Add(System.Text.Encoding.UTF8.GetBytes(reason));
    }

    /// <summary>Writes what was appended since the last call as a row group.</summary>
    /// <param name="lineage">Where the records come from, one entry each.</param>
    internal void Flush(Lineage lineage)
    {
        using RowGroupWriter group = _file.AppendRowGroup();
        for (int i = 0; i < _texts.Length; i++)
        {
            _texts[i]?.Write(group);
            _numbers[i]?.Write(group);
            _texts[i]?.Clear();
            _numbers[i]?.Clear();
        }

        if (_domain.Validity is not null)
        {
            _validFrom.Write(group);
        }

        _validFrom.Clear();
        lineage.Write(group);
        _keyHash.Write(group);
        _keyHash.Clear();
        foreach (BytesBuffer buffer in _rejections)
        {
            buffer.AbsentUntil(_rows);
            buffer.Write(group);
            buffer.Clear();
        }

        _rows = 0;
        group.Close();
    }

    /// <summary>Ends the file.</summary>
    internal void Close() => _file.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _properties.Dispose();
        _node.Dispose();
    }

    private static void Add(NumbersBuffer numbers, long? value)
    {
        if (value is null)
        {
            numbers.AddAbsent();
        }
        else
        {
            numbers.Add(value.Value);
        }
    }

    private static bool IsText(FieldType type) => type is FieldType.Text or FieldType.Uuid;

    private static GroupNode MakeSchema(Domain domain) => new("schema", Repetition.Required,
    [
        .. domain.Schema.Fields.Select(NodeOf),
        .. domain.Validity is null ? (IEnumerable<Node>)[] : [NodeOf(domain.Validity.Column)],
        .. Lineage.Nodes(),
        new PrimitiveNode("_key_hash", Repetition.Optional, LogicalType.None(), PhysicalType.Int64),
        Text("_reason"),
        Text("payload"),
        new PrimitiveNode("payload_bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray),
        Text("_format"),
        Text("_emulation_id"),
    ]);

    private static PrimitiveNode NodeOf(Field field) => field.Type switch
    {
        FieldType.Int64 => new PrimitiveNode(field.Name, Repetition.Optional, LogicalType.None(), PhysicalType.Int64),
        FieldType.Decimal => new PrimitiveNode(field.Name, Repetition.Optional, LogicalType.Decimal(field.Precision, field.Scale), PhysicalType.Int64),
        FieldType.Boolean => new PrimitiveNode(field.Name, Repetition.Optional, LogicalType.None(), PhysicalType.Boolean),
        FieldType.Timestamp => Instant(field.Name),
        FieldType.Date => new PrimitiveNode(field.Name, Repetition.Optional, LogicalType.Date(), PhysicalType.Int32),
        _ => Text(field.Name),
    };

    private static PrimitiveNode Text(string name) => new(name, Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray);

    private static PrimitiveNode Instant(string name) =>
        new(name, Repetition.Optional, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64);
}
