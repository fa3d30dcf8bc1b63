using LakehouseLab.Audit.Values;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Records;

/// <summary>The values that a batch's rows should have in Silver, as hashes and as people read them. Not thread-safe.</summary>
internal sealed class BatchValues
{
    private const long MicrosecondsPerMillisecond = 1000;

    private static readonly long[] s_powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    private readonly Dictionary<Utf8Dictionary, ulong[]> _dictionaries = [];

    /// <summary>Appends a column to the rows' hashes.</summary>
    /// <param name="column">The column.</param>
    /// <param name="labels">Whether labels are known.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">How many.</param>
    /// <param name="hashes">The hashes, that of the first row first.</param>
    public void Append(Column column, bool labels, int first, int count, Span<ulong> hashes)
    {
        hashes = hashes[..count];
        if (column.Field.IsLabel && !labels)
        {
            foreach (ref ulong hash in hashes)
            {
                hash = ValueHash.Append(hash, ValueHash.Null);
            }

            return;
        }

        switch (column)
        {
            case DictionaryColumn texts:
                AppendRows(column, first, hashes, new DictionaryCodes(texts.Indices, CodesOf(texts.Dictionary)));
                break;
            case TextColumn texts:
                AppendRows(column, first, hashes, new TextCodes(texts));
                break;
            case UuidColumn uuids:
                AppendRows(column, first, hashes, new UuidCodes(uuids));
                break;
            case Int64Column integers:
                AppendRows(column, first, hashes, new IntegerCodes(integers.Values));
                break;
            default:
                AppendRows(column, first, hashes, new NumberCodes(column));
                break;
        }
    }

    /// <summary>A value as people read it; null when it is absent.</summary>
    public static string? TextOf(Column column, bool labels, int row) =>
        (column.Field.IsLabel && !labels) || column.IsNull(row) ? null : column switch
        {
            TextColumn texts => System.Text.Encoding.UTF8.GetString(texts.GetUtf8(row)),
            UuidColumn uuids => ValueText.OfUuid(uuids.High[row], uuids.Low[row]),
            _ => ValueText.Of(TableColumn.Of(column.Field), NumberOf(column, row)),
        };

    /// <summary>A value as tables have it: units of the field's scale, microseconds, days.</summary>
    public static long NumberOf(Column column, int row) => column switch
    {
        Int64Column integers => integers.Values[row],
        DecimalColumn decimals => decimals.Units[row] * s_powers[column.Field.Scale - decimals.Decimals[row]],
        TimestampColumn instants => instants.Milliseconds[row] * MicrosecondsPerMillisecond,
        DateColumn dates => dates.Days[row],
        BooleanColumn booleans => booleans.Values[row] ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.GetType(), "the column has no numbers"),
    };

    private static void AppendRows<TCodes>(Column column, int first, Span<ulong> hashes, TCodes codes)
        where TCodes : struct, ICodes
    {
        bool[]? nulls = column.Nulls;
        for (int i = 0; i < hashes.Length; i++)
        {
            int row = first + i;
            hashes[i] = ValueHash.Append(hashes[i], nulls is not null && nulls[row] ? ValueHash.Null : codes.Of(row));
        }
    }

    private ulong[] CodesOf(Utf8Dictionary dictionary)
    {
        ulong[] codes = _dictionaries.GetValueOrDefault(dictionary, []);
        int known = codes.Length;
        if (known < dictionary.Count)
        {
            // Entries come and never change.
            Array.Resize(ref codes, dictionary.Count);
            for (int index = known; index < codes.Length; index++)
            {
                codes[index] = ValueHash.Of(dictionary.Get(index));
            }

            _dictionaries[dictionary] = codes;
        }

        return codes;
    }

    private interface ICodes
    {
        ulong Of(int row);
    }

    private readonly struct DictionaryCodes(int[] indices, ulong[] codes) : ICodes
    {
        public ulong Of(int row) => codes[indices[row]];
    }

    private readonly struct TextCodes(TextColumn column) : ICodes
    {
        public ulong Of(int row) => ValueHash.Of(column.GetUtf8(row));
    }

    private readonly struct UuidCodes(UuidColumn column) : ICodes
    {
        public ulong Of(int row) => ValueHash.Of(column.High[row], column.Low[row]);
    }

    private readonly struct IntegerCodes(long[] values) : ICodes
    {
        public ulong Of(int row) => ValueHash.Of(values[row]);
    }

    private readonly struct NumberCodes(Column column) : ICodes
    {
        public ulong Of(int row) => ValueHash.Of(NumberOf(column, row));
    }
}
