using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Native;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>One column of a chunk, or a part of one: a view of the engine's memory that is valid as long as the chunk.</summary>
internal sealed unsafe class ResultVector
{
    private const int BitsPerWord = 64;

    // Length, then up to 12 bytes in place or 4 bytes of prefix and a pointer.
    private const int TextSize = 16;
    private const int LongestInlineText = 12;

    private static readonly JsonWriterOptions s_nested = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ResultType _type;
    private readonly byte* _data;
    private readonly ulong* _validity;
    private readonly ResultVector[] _parts;

    /// <summary>Wraps a vector.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="vector">The engine's vector.</param>
    public ResultVector(ResultType type, nint vector)
    {
        _type = type;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
        _parts = type.Id switch
        {
            DuckDBType.List => [new ResultVector(type.Parts[0], NativeMethods.Vectors.DuckDBListVectorGetChild(vector))],
            DuckDBType.Array => [new ResultVector(type.Parts[0], NativeMethods.Vectors.DuckDBArrayVectorGetChild(vector))],
            DuckDBType.Map => Entries(type, NativeMethods.Vectors.DuckDBListVectorGetChild(vector)),
            DuckDBType.Struct => [.. type.Parts.Select((part, field) => new ResultVector(part, NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, field)))],
            _ => [],
        };
    }

    /// <summary>A value as text; null for null.</summary>
    public string? GetText(long row) => IsNull(row) ? null : _parts.Length > 0 ? Nested(row) : Scalar(row);

    /// <summary>Writes a value.</summary>
    public void WriteJson(Utf8JsonWriter writer, long row)
    {
        if (IsNull(row))
        {
            writer.WriteNullValue();
            return;
        }

        switch (_type.Id)
        {
            case DuckDBType.List:
                DuckDBListEntry entry = ((DuckDBListEntry*)_data)[row];
                WriteElements(writer, (long)entry.Offset, (long)entry.Length);
                break;
            case DuckDBType.Array:
                WriteElements(writer, row * _type.Length, _type.Length);
                break;
            case DuckDBType.Map:
                WriteMap(writer, ((DuckDBListEntry*)_data)[row]);
                break;
            case DuckDBType.Struct:
                WriteStruct(writer, row);
                break;
            case DuckDBType.Boolean:
                writer.WriteBooleanValue(_data[row] != 0);
                break;
            default:
                WriteScalar(writer, row);
                break;
        }
    }

    private static ResultVector[] Entries(ResultType type, nint entries) =>
        [.. type.Parts.Select((part, field) => new ResultVector(part, NativeMethods.Vectors.DuckDBStructVectorGetChild(entries, field)))];

    private bool IsNull(long row) =>
        _type.Id == DuckDBType.SqlNull || (_validity is not null && (_validity[row / BitsPerWord] >> (int)(row % BitsPerWord) & 1) == 0);

    private void WriteElements(Utf8JsonWriter writer, long offset, long count)
    {
        writer.WriteStartArray();
        for (long element = offset; element < offset + count; element++)
        {
            _parts[0].WriteJson(writer, element);
        }

        writer.WriteEndArray();
    }

    // JSON's names are texts; other keys are written as pairs.
    private void WriteMap(Utf8JsonWriter writer, DuckDBListEntry entry)
    {
        bool isObject = _type.Parts[0].Id == DuckDBType.Varchar;
        Action start = isObject ? writer.WriteStartObject : writer.WriteStartArray;
        start();
        for (long pair = (long)entry.Offset; pair < (long)(entry.Offset + entry.Length); pair++)
        {
            if (isObject)
            {
                writer.WritePropertyName(_parts[0].Scalar(pair));
                _parts[1].WriteJson(writer, pair);
                continue;
            }

            writer.WriteStartObject();
            writer.WritePropertyName("key");
            _parts[0].WriteJson(writer, pair);
            writer.WritePropertyName("value");
            _parts[1].WriteJson(writer, pair);
            writer.WriteEndObject();
        }

        Action end = isObject ? writer.WriteEndObject : writer.WriteEndArray;
        end();
    }

    private void WriteStruct(Utf8JsonWriter writer, long row)
    {
        writer.WriteStartObject();
        for (int field = 0; field < _parts.Length; field++)
        {
            writer.WritePropertyName(_type.Names[field]);
            _parts[field].WriteJson(writer, row);
        }

        writer.WriteEndObject();
    }

    private void WriteScalar(Utf8JsonWriter writer, long row)
    {
        if (_type.Id == DuckDBType.Varchar)
        {
            writer.WriteStringValue(Bytes(row));
            return;
        }

        // JSON has no word for infinities and NaN: they are texts.
        string text = Scalar(row);
        if (_type.IsNumber && (char.IsAsciiDigit(text[^1]) || char.IsAsciiDigit(text[0])))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private string Nested(long row)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, s_nested))
        {
            WriteJson(writer, row);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private string Scalar(long row) => _type.Id switch
    {
        DuckDBType.Boolean => _data[row] != 0 ? "true" : "false",
        DuckDBType.Float => ((float*)_data)[row].ToString("R", CultureInfo.InvariantCulture),
        DuckDBType.Double => ((double*)_data)[row].ToString("R", CultureInfo.InvariantCulture),
        DuckDBType.Decimal => ScalarText.Decimal(Integer(row), _type.Scale),
        DuckDBType.Varchar => Encoding.UTF8.GetString(Bytes(row)),
        DuckDBType.Blob => Convert.ToBase64String(Bytes(row)),
        DuckDBType.Enum => _type.Names[(int)Integer(row)],
        DuckDBType.Date => ScalarText.Date(((int*)_data)[row]),
        DuckDBType.Time => ScalarText.Time(((long*)_data)[row]),
        DuckDBType.Timestamp => ScalarText.Timestamp(((long*)_data)[row], 1_000_000, string.Empty),
        DuckDBType.TimestampTz => ScalarText.Timestamp(((long*)_data)[row], 1_000_000, "Z"),
        DuckDBType.TimestampS => ScalarText.Timestamp(((long*)_data)[row], 1, string.Empty),
        DuckDBType.TimestampMs => ScalarText.Timestamp(((long*)_data)[row], 1_000, string.Empty),
        DuckDBType.TimestampNs => ScalarText.Timestamp(((long*)_data)[row], 1_000_000_000, string.Empty),
        DuckDBType.Interval => ScalarText.Interval(((int*)_data)[row * 4], ((int*)_data)[(row * 4) + 1], ((long*)_data)[(row * 2) + 1]),
        DuckDBType.Uuid => Uuid(((UInt128*)_data)[row]),
        _ => Integer(row).ToString(CultureInfo.InvariantCulture),
    };

    private BigInteger Integer(long row) => _type.Storage switch
    {
        DuckDBType.TinyInt => ((sbyte*)_data)[row],
        DuckDBType.SmallInt => ((short*)_data)[row],
        DuckDBType.Integer => ((int*)_data)[row],
        DuckDBType.BigInt => ((long*)_data)[row],
        DuckDBType.UnsignedTinyInt => _data[row],
        DuckDBType.UnsignedSmallInt => ((ushort*)_data)[row],
        DuckDBType.UnsignedInteger => ((uint*)_data)[row],
        DuckDBType.UnsignedBigInt => ((ulong*)_data)[row],
        DuckDBType.HugeInt => ((Int128*)_data)[row],
        DuckDBType.UnsignedHugeInt => ((UInt128*)_data)[row],
        _ => throw new UnreachableException($"{_type.Storage} is not an integer"),
    };

    private ReadOnlySpan<byte> Bytes(long row)
    {
        byte* text = _data + (row * TextSize);
        int length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= LongestInlineText ? text + sizeof(int) : *(byte**)(text + (2 * sizeof(int))), length);
    }

    // The engine flips the first bit, so that ids sort as signed numbers.
    private static string Uuid(UInt128 stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, stored ^ (UInt128.One << 127));
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
