using System.Text.Unicode;
using LakehouseLab.Pipeline.Parquet;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Pipeline.Bronze;

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
    private readonly short[] _absent = new short[RowsPerGroup];
    private readonly long _batch;
    private readonly long _ingestedAt;
    private BronzeObject? _object;
    private bool _objectIsNew;
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
    public void Begin(BronzeObject item)
    {
        _object = item;
        _objectIsNew = true;
    }

    /// <summary>Appends a record.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="offset">Its place in its object.</param>
    public void Add(ReadOnlySpan<byte> record, long offset)
    {
        if (Utf8.IsValid(record))
        {
            _payload.Add(record);
            _payloadBytes.AddAbsent();
        }
        else
        {
            _payload.AddAbsent();
            _payloadBytes.Add(record);
        }

        AddOrigin();
        _key.AddAbsent();
        _offsets[_rows++] = offset;
        Records++;
        Bytes += record.Length;
        if (_rows == RowsPerGroup || _payload.Length + _payloadBytes.Length >= BytesPerGroup)
        {
            Flush();
        }
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

    private void AddOrigin()
    {
        if (!_objectIsNew)
        {
            _format.AddAgain();
            _source.AddAgain();
            AddEmulation(again: true);
            return;
        }

        _format.Add(System.Text.Encoding.UTF8.GetBytes(_object!.Format));
        _source.Add(System.Text.Encoding.UTF8.GetBytes(_object.Key));
        AddEmulation(again: false);
        _objectIsNew = false;
    }

    private void AddEmulation(bool again)
    {
        if (_object!.Emulation is not { } emulation)
        {
            _emulation.AddAbsent();
        }
        else if (again)
        {
            _emulation.AddAgain();
        }
        else
        {
            _emulation.Add(System.Text.Encoding.UTF8.GetBytes(emulation.ToString()));
        }
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
            using (ColumnWriter<long> timestamps = (ColumnWriter<long>)group.NextColumn())
            {
                timestamps.WriteBatch(_rows, _absent.AsSpan(0, _rows), [], []);
            }

            WriteConstant(group, _batch);
            WriteConstant(group, _ingestedAt);
            group.Close();
        }

        foreach (BytesBuffer buffer in (ReadOnlySpan<BytesBuffer>)[_payload, _payloadBytes, _format, _emulation, _source, _key])
        {
            buffer.Clear();
        }

        _rows = 0;
        _objectIsNew = true;
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
