using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using LakehouseLab.Delta.Schema;
using ParquetSharp;

namespace LakehouseLab.Delta.Statistics;

/// <summary>
/// A data file's statistics in the log's form, from the footer of the Parquet file: rows, and per top-level column the
/// smallest and largest value and the nulls. Readers leave out files by them, so a bound that cannot be given exactly is
/// given wider, or not at all. For files of writers that count nulls, as this project's do.
/// </summary>
public static class ParquetStatistics
{
    // As Delta does: enough to prune by, little enough for the log.
    private const int LongestText = 32;

    // Sorts after every continuation of the text before it.
    private const string AfterAll = "\U0010FFFF";

    /// <summary>Reads a file's statistics.</summary>
    /// <param name="path">Path of the local Parquet file.</param>
    /// <param name="schema">The table's schema.</param>
    /// <returns>The statistics as JSON, and the number of rows.</returns>
    public static (string Json, long Rows) Read(string path, StructType schema)
    {
        using ParquetFileReader file = new(path);
        long rows = file.FileMetaData.NumRows;
        List<(string Name, Bound? Min, Bound? Max, long? Nulls)> columns = [];
        for (int column = 0; column < file.FileMetaData.NumColumns; column++)
        {
            ColumnDescriptor descriptor = file.FileMetaData.Schema.Column(column);
            string[] names = descriptor.Path.ToDotVector();
            if (names.Length == 1 && descriptor.MaxRepetitionLevel == 0 && schema.Find(names[0]) is { Type: PrimitiveType type } field)
            {
                columns.Add((field.Name, Merge(file, column, type, smallest: true), Merge(file, column, type, smallest: false), Nulls(file, column)));
            }
        }

        return (Format(rows, columns), rows);
    }

    private static string Format(long rows, List<(string Name, Bound? Min, Bound? Max, long? Nulls)> columns)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("numRecords", rows);
            writer.WriteStartObject("minValues");
            columns.ForEach(column => column.Min?.Write(writer, column.Name));
            writer.WriteEndObject();
            writer.WriteStartObject("maxValues");
            columns.ForEach(column => column.Max?.Write(writer, column.Name));
            writer.WriteEndObject();
            writer.WriteStartObject("nullCount");
            foreach ((string name, _, _, long? nulls) in columns)
            {
                if (nulls is not null)
                {
                    writer.WriteNumber(name, nulls.Value);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static long? Nulls(ParquetFileReader file, int column)
    {
        long nulls = 0;
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = file.RowGroup(group);
            using ParquetSharp.Statistics? statistics = rows.MetaData.GetColumnChunkMetaData(column).Statistics;
            if (statistics is null)
            {
                return null;
            }

            nulls += statistics.NullCount;
        }

        return nulls;
    }

    // A row group without bounds has only nulls, or bounds that its writer would not give: then the file has none.
    private static Bound? Merge(ParquetFileReader file, int column, PrimitiveType type, bool smallest)
    {
        Bound? merged = null;
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = file.RowGroup(group);
            using ParquetSharp.Statistics? statistics = rows.MetaData.GetColumnChunkMetaData(column).Statistics;
            if (statistics is not null && statistics.NullCount == rows.MetaData.NumRows)
            {
                continue;
            }

            if (statistics is not { HasMinMax: true } || Read(statistics, type, file.FileMetaData.Schema.Column(column), smallest) is not { } bound)
            {
                return null;
            }

            merged = merged is null || (smallest ? bound.CompareTo(merged) < 0 : bound.CompareTo(merged) > 0) ? bound : merged;
        }

        return merged;
    }

    private static Bound? Read(ParquetSharp.Statistics statistics, PrimitiveType type, ColumnDescriptor column, bool smallest) => statistics switch
    {
        _ when type.Name == "timestamp" && column.LogicalType is not TimestampLogicalType { TimeUnit: TimeUnit.Micros } => null,
        Statistics<int> whole => Number(smallest ? whole.Min : whole.Max, type),
        Statistics<long> whole => Number(smallest ? whole.Min : whole.Max, type, roundUp: !smallest),
        Statistics<ByteArray> bytes when type.Name == "string" => Text(Checkpoints.LeafText.Decode(smallest ? bytes.Min : bytes.Max), smallest),
        Statistics<FixedLenByteArray> bytes when Scale(type) is { } scale => new DecimalBound(
            ReadBigEndian(smallest ? bytes.Min : bytes.Max, column.TypeLength), scale),
        _ => null,
    };

    private static Bound? Number(long value, PrimitiveType type, bool roundUp = false) => type.Name switch
    {
        "long" or "integer" or "short" or "byte" => new DecimalBound(value, 0),
        "date" => Day(value),
        "timestamp" => Instant(value, roundUp),
        _ => Scale(type) is { } scale ? new DecimalBound(value, scale) : null,
    };

    private static TextBound? Day(long days)
    {
        long number = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? new TextBound(DateOnly.FromDayNumber((int)number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            : null;
    }

    // The log keeps milliseconds of these microseconds; a largest value is rounded up so that it stays a bound.
    private static TextBound? Instant(long microseconds, bool roundUp)
    {
        long milliseconds = (long)Math.Floor(microseconds / 1000m) + (roundUp && microseconds % 1000 != 0 ? 1 : 0);
        return milliseconds is >= -62_135_596_800_000 and < 253_402_300_800_000
            ? new TextBound(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            : null;
    }

    private static TextBound? Text(string text, bool smallest)
    {
        if (text.Length <= LongestText)
        {
            return new TextBound(text);
        }

        int length = char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
        return smallest ? new TextBound(text[..length])
            : text.AsSpan(length).StartsWith(AfterAll, StringComparison.Ordinal) ? null
            : new TextBound(text[..length] + AfterAll);
    }

    private static int? Scale(PrimitiveType type) => type.Name.StartsWith("decimal(", StringComparison.Ordinal)
        ? int.Parse(type.Name.AsSpan(type.Name.IndexOf(',') + 1).TrimEnd(')'), CultureInfo.InvariantCulture)
        : null;

    private static unsafe BigInteger ReadBigEndian(FixedLenByteArray bytes, int length) =>
        new(new ReadOnlySpan<byte>((byte*)bytes.Pointer, length), isUnsigned: false, isBigEndian: true);

    /// <summary>A smallest or largest value.</summary>
    private abstract record Bound : IComparable<Bound>
    {
        public abstract int CompareTo(Bound? other);

        public abstract void Write(Utf8JsonWriter writer, string name);
    }

    // Order of UTF-8 bytes, which is that of code points and not that of UTF-16.
    private sealed record TextBound(string Value) : Bound
    {
        public override int CompareTo(Bound? other) =>
            System.Text.Encoding.UTF8.GetBytes(Value).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(((TextBound)other!).Value));

        public override void Write(Utf8JsonWriter writer, string name) => writer.WriteString(name, Value);
    }

    private sealed record DecimalBound(BigInteger Units, int Scale) : Bound
    {
        public override int CompareTo(Bound? other) => Units.CompareTo(((DecimalBound)other!).Units);

        public override void Write(Utf8JsonWriter writer, string name)
        {
            string digits = BigInteger.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
            string text = (Units.Sign < 0 ? "-" : string.Empty) + digits[..^Scale] + (Scale > 0 ? "." + digits[^Scale..] : string.Empty);
            writer.WritePropertyName(name);
            writer.WriteRawValue(text);
        }
    }
}
