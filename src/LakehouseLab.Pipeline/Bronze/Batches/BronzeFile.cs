using System.Text.Unicode;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Formats.Parquet;
using ParquetSharp;
using ParquetSharp.Schema;
using Encoding = System.Text.Encoding;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>A Parquet file of a Bronze table that is being written. Not thread-safe.</summary>
internal sealed class BronzeFile : IDisposable
{
    private const int RowsPerGroup = 122_880;
    private const int BytesPerGroup = 64 << 20;

    private readonly GroupNode _schema = MakeSchema();
    private readonly WriterProperties _properties;
    private readonly ParquetFileWriter _file;
    private readonly BytesBuffer _payload = new(optional: true);
    private readonly BytesBuffer _payloadBytes = new(optional: true);
    private readonly BytesBuffer _format = new(optional: false);
    private readonly BytesBuffer _emulation = new(optional: true);
    private readonly BytesBuffer _source = new(optional: false);
    private readonly BytesBuffer _key = new(optional: true);
    private readonly long[] _offsets = new long[RowsPerGroup];
    private readonly long[] _constants = new long[RowsPerGroup];
    private readonly NumbersBuffer _timestamps = new();
    private readonly long _batch;
    private readonly long _ingestedAt;
    private (byte[] Format, byte[] Source, byte[]? Emulation) _origin;
    private bool _originIsNew;
    private int _rows;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="batch">The batch of its records.</param>
    /// <param name="ingestedAt">When the batch began, in Unix microseconds.</param>
    public BronzeFile(string path, long batch, long ingestedAt)
    {
        _batch = batch;
        _ingestedAt = ingestedAt;

        // Payloads hardly repeat: a dictionary and bounds of them would be made in vain.
        _properties = new WriterPropertiesBuilder()
            .Compression(Compression.Zstd).CompressionLevel(1)
            .DisableDictionary("payload").DisableDictionary("payload_bytes").DisableDictionary("_offset")
            .DisableStatistics("payload").DisableStatistics("payload_bytes")
            .Encoding("_offset", ParquetSharp.Encoding.DeltaBinaryPacked)
            .Build();
        _file = new ParquetFileWriter(path, _schema, _properties);
    }

    /// <summary>Records written so far.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of the records.</summary>
    public long Bytes { get; private set; }

    /// <summary>Names the object that the records after this come from.</summary>
    public void Begin(RawObject item) => Begin(item.Format, item.Source, item.Emulation);

    /// <summary>Names where the records after this come from.</summary>
    /// <param name="format">Their format.</param>
    /// <param name="source">The object, or the topic's partition.</param>
    /// <param name="emulation">The emulation that made them, or null.</param>
    public void Begin(string format, string source, Guid? emulation)
    {
        _origin = (Encoding.UTF8.GetBytes(format), Encoding.UTF8.GetBytes(source), emulation is { } id ? Encoding.UTF8.GetBytes(id.ToString()) : null);
        _originIsNew = true;
    }

    /// <summary>Appends a record of an object.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="offset">Its place in its object.</param>
    public void Add(ReadOnlySpan<byte> record, long offset)
    {
        AddPayload(record);
        _key.AddAbsent();
        _timestamps.AddAbsent();
        End(offset, record.Length);
    }

    /// <summary>Appends a message.</summary>
    public void Add(in TopicMessage message)
    {
        if (message.Value is { } value)
        {
            AddPayload(value);
        }
        else
        {
            _payload.AddAbsent();
            _payloadBytes.AddAbsent();
        }

        AddKey(message.Key);
        if (message.Timestamp is { } milliseconds)
        {
            _timestamps.Add(unchecked(milliseconds * 1000));
        }
        else
        {
            _timestamps.AddAbsent();
        }

        End(message.Offset, message.Value?.Length ?? 0);
    }

    /// <summary>Ends the file.</summary>
    public void Close()
    {
        Flush();
        _file.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _properties.Dispose();
        _schema.Dispose();
    }

    private static GroupNode MakeSchema() => new("schema", Repetition.Required,
    [
        Text("payload", Repetition.Optional),
        new PrimitiveNode("payload_bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray),
        Text("_format", Repetition.Required),
        Text("_emulation_id", Repetition.Optional),
        Text("_source", Repetition.Required),
        new PrimitiveNode("_offset", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
        Text("_key", Repetition.Optional),
        Instant("_timestamp", Repetition.Optional),
        new PrimitiveNode("_batch", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
        Instant("_ingested_at", Repetition.Required),
    ]);

    private static PrimitiveNode Text(string name, Repetition repetition) => new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    private static PrimitiveNode Instant(string name, Repetition repetition) =>
        new(name, repetition, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64);

    private void AddPayload(ReadOnlySpan<byte> record)
    {
        bool isText = Utf8.IsValid(record);
        (isText ? _payload : _payloadBytes).Add(record);
        (isText ? _payloadBytes : _payload).AddAbsent();
    }

    // The column holds text: other bytes are told in hexadecimal.
    private void AddKey(byte[]? key)
    {
        if (key is null)
        {
            _key.AddAbsent();
        }
        else
        {
            _key.Add(Utf8.IsValid(key) ? key : Encoding.ASCII.GetBytes($"\\x{Convert.ToHexStringLower(key)}"));
        }
    }

    private void End(long offset, int length)
    {
        AddOrigin();
        _offsets[_rows++] = offset;
        Records++;
        Bytes += length;
        if (_rows == RowsPerGroup || _payload.Length + _payloadBytes.Length + _key.Length >= BytesPerGroup)
        {
            Flush();
        }
    }

    private void AddOrigin()
    {
        if (!_originIsNew)
        {
            _format.AddAgain();
            _source.AddAgain();
            if (_origin.Emulation is null)
            {
                _emulation.AddAbsent();
            }
            else
            {
                _emulation.AddAgain();
            }

            return;
        }

        _format.Add(_origin.Format);
        _source.Add(_origin.Source);
        if (_origin.Emulation is { } emulation)
        {
            _emulation.Add(emulation);
        }
        else
        {
            _emulation.AddAbsent();
        }

        _originIsNew = false;
    }

    private void Flush()
    {
        if (_rows == 0)
        {
            return;
        }

        using (RowGroupWriter group = _file.AppendRowGroup())
        {
            _payload.Write(group);
            _payloadBytes.Write(group);
            _format.Write(group);
            _emulation.Write(group);
            _source.Write(group);
            WriteNumbers(group, _offsets.AsSpan(0, _rows));
            _key.Write(group);
            _timestamps.Write(group);
            WriteConstant(group, _batch);
            WriteConstant(group, _ingestedAt);
            group.Close();
        }

        foreach (BytesBuffer buffer in (ReadOnlySpan<BytesBuffer>)[_payload, _payloadBytes, _format, _emulation, _source, _key])
        {
            buffer.Clear();
        }

        _timestamps.Clear();
        _rows = 0;
        _originIsNew = true;
    }

    private void WriteConstant(RowGroupWriter group, long value)
    {
        _constants.AsSpan(0, _rows).Fill(value);
        WriteNumbers(group, _constants.AsSpan(0, _rows));
    }

    private static void WriteNumbers(RowGroupWriter group, ReadOnlySpan<long> values)
    {
        using ColumnWriter<long> writer = (ColumnWriter<long>)group.NextColumn();
        writer.WriteBatch(values);
    }
}
