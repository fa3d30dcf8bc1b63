using LakehouseLab.Audit.Tables;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

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
        bool hidden = column.Field.IsLabel && !labels;
        ulong[]? codes = column is DictionaryColumn repeated ? CodesOf(repeated.Dictionary) : null;
        for (int i = 0; i < count; i++)
        {
            int row = first + i;
            ulong code = hidden || column.IsNull(row) ? ValueHash.Null : column switch
            {
                DictionaryColumn texts => codes![texts.Indices[row]],
                TextColumn texts => ValueHash.Of(texts.GetUtf8(row)),
                UuidColumn uuids => ValueHash.Of(uuids.High[row], uuids.Low[row]),
                _ => ValueHash.Of(NumberOf(column, row)),
            };
            hashes[i] = ValueHash.Append(hashes[i], code);
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

    private ulong[] CodesOf(Utf8Dictionary dictionary)
    {
        if (!_dictionaries.TryGetValue(dictionary, out ulong[]? codes) || codes.Length != dictionary.Count)
        {
            codes = [.. Enumerable.Range(0, dictionary.Count).Select(index => ValueHash.Of(dictionary.Get(index)))];
            _dictionaries[dictionary] = codes;
        }

        return codes;
    }
}
