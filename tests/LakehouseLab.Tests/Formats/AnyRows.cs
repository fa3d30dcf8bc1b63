using System.Globalization;
using System.Text;
using CsCheck;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.Formats;

/// <summary>Rows with fields of all types and any values, for the writers of every format.</summary>
internal static class AnyRows
{
    public const int Rows = 8;

    private static readonly long[] Edges = [9, 10, 99, 100, 999, 1000, 9999, 10_000, long.MaxValue, long.MinValue];

    // As long and as odd as texts come: escapes, controls, characters of two to four bytes, lengths around a vector's.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["aZ09 \"\\/\u0000\u0001\n\t\u001f\u007fäß€あ\u2028"], 0, 80],
        Gen.Const("𝄞😀"),
        Gen.Int[28, 36].Select(length => new string('x', length)));

    public static readonly DomainSchema Schema = new(
        "test", "tests", "tests", "All types of fields.",
        [
            new("whole", FieldType.Int64, "."),
            new("money", FieldType.Decimal, ".") { Precision = 18, Scale = 18 },
            new("id", FieldType.Uuid, "."),
            new("yes", FieldType.Boolean, "."),
            new("at", FieldType.Timestamp, ".") { Nullable = true },
            new("day", FieldType.Date, "."),
            new("word", FieldType.Text, "."),
            new("text", FieldType.Text, "."),
        ],
        ["id"], "at", "whole");

    public static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.OneOf(Gen.Long, Gen.Long[-1000, 1000], Gen.Int[0, Edges.Length - 1].Select(index => Edges[index])),
        Gen.Select(Gen.OneOf(Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999], Gen.Long[-1000, 1000]), Gen.Byte[0, 18]),
        Gen.Guid,
        Gen.Bool,
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Nullable(0.3),
        Gen.Int[-719_162, 2_932_896],
        Texts,
        Texts).Select((whole, money, id, yes, at, day, word, text) => new Row(whole, money.Item1, money.Item2, id, yes, at, day, word, text));

    /// <summary>The rows as columns.</summary>
    public static RecordBatch ToBatch(Row[] rows)
    {
        Utf8Dictionary words = new();
        IReadOnlyList<Field> fields = Schema.Fields;
        RecordBatch batch = new(Schema, Rows,
        [
            new Int64Column(fields[0], Rows), new DecimalColumn(fields[1], Rows), new UuidColumn(fields[2], Rows), new BooleanColumn(fields[3], Rows),
            new TimestampColumn(fields[4], Rows), new DateColumn(fields[5], Rows), new DictionaryColumn(fields[6], Rows, words), new Utf8Column(fields[7], Rows),
        ])
        { Count = Rows };
        for (int i = 0; i < Rows; i++)
        {
            Row row = rows[i];
            byte[] id = row.Id.ToByteArray(bigEndian: true);
            ((Int64Column)batch.Columns[0]).Values[i] = row.Whole;
            ((DecimalColumn)batch.Columns[1]).Units[i] = row.Units;
            ((DecimalColumn)batch.Columns[1]).Decimals[i] = row.Decimals;
            ((UuidColumn)batch.Columns[2]).High[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id);
            ((UuidColumn)batch.Columns[2]).Low[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id.AsSpan(8));
            ((BooleanColumn)batch.Columns[3]).Values[i] = row.Yes;
            ((TimestampColumn)batch.Columns[4]).Nulls![i] = row.At is null;
            ((TimestampColumn)batch.Columns[4]).Milliseconds[i] = row.At ?? 0;
            ((DateColumn)batch.Columns[5]).Days[i] = row.Day;
            ((DictionaryColumn)batch.Columns[6]).Indices[i] = words.Add(row.Word);
            byte[] text = Encoding.UTF8.GetBytes(row.Text);
            text.CopyTo(((Utf8Column)batch.Columns[7]).Reserve(i, text.Length));
            ((Utf8Column)batch.Columns[7]).Advance(i, text.Length);
        }

        return batch;
    }

    /// <summary>What a writer makes of the rows, asked for in parts.</summary>
    public static string Encode(LineBatchWriter writer, int[] parts)
    {
        ByteBuffer buffer = new();
        int written = 0;
        foreach (int part in parts)
        {
            int count = Math.Min(part, Rows - written);
            writer.Write(written, count, buffer, new int[Rows]);
            written += count;
        }

        writer.Write(written, Rows - written, buffer, new int[Rows]);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    internal sealed record Row(long Whole, long Units, byte Decimals, Guid Id, bool Yes, long? At, int Day, string Word, string Text)
    {
        public IEnumerable<(string, string)> Expected()
        {
            yield return ("whole", Whole.ToString(CultureInfo.InvariantCulture));
            string digits = Math.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
            string fraction = Decimals == 0 ? "" : $".{digits[^Decimals..]}";
            yield return ("money", $"{(Units < 0 ? "-" : "")}{digits[..^Decimals]}{fraction}");
            yield return ("id", Id.ToString("D"));
            yield return ("yes", Yes ? "true" : "false");
            if (At is { } at)
            {
                yield return ("at", DateTime.UnixEpoch.AddMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            }

            yield return ("day", DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            yield return ("word", Word);
            yield return ("text", Text);
        }
    }
}
