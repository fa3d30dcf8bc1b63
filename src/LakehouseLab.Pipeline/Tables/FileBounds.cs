using System.Globalization;
using System.Text;
using System.Text.Json;
using LakehouseLab.Delta.Log;

namespace LakehouseLab.Pipeline.Tables;

/// <summary>What the statistics of a data file in the log say of a column. They are optional, and bounds may be wider than the values: what they do not rule out may be there.</summary>
internal static class FileBounds
{
    /// <summary>The first and last day of a DATE or TIMESTAMP column; null when the statistics do not tell.</summary>
    public static (DateOnly First, DateOnly Last)? DaysOf(AddFile file, string column) =>
        Find(file, column) is ({ } min, { } max) && DayOf(min) is { } first && DayOf(max) is { } last && first <= last ? (first, last) : null;

    /// <summary>Whether a file may hold rows of some days.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">A DATE or TIMESTAMP column.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day.</param>
    public static bool MayHoldDays(AddFile file, string column, DateOnly first, DateOnly last) =>
        DaysOf(file, column) is not { } days || (days.First <= last && days.Last >= first);

    /// <summary>Whether a file certainly holds no rows but those of some days.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">A DATE or TIMESTAMP column without nulls.</param>
    /// <param name="first">First day.</param>
    /// <param name="last">Last day.</param>
    public static bool HoldsOnlyDays(AddFile file, string column, DateOnly first, DateOnly last) =>
        DaysOf(file, column) is { } days && days.First >= first && days.Last <= last;

    /// <summary>Whether a file may hold numbers of a span, both ends of which belong to it.</summary>
    public static bool MayHoldNumbers(AddFile file, string column, decimal min, decimal max) =>
        Find(file, column) is not ({ ValueKind: JsonValueKind.Number } least, { ValueKind: JsonValueKind.Number } most)
        || !least.TryGetDecimal(out decimal from) || !most.TryGetDecimal(out decimal until)
        || (from <= max && until >= min);

    /// <summary>Whether a file may hold texts of a span, both ends of which belong to it; in the order of their UTF-8 bytes.</summary>
    public static bool MayHoldTexts(AddFile file, string column, string min, string max) =>
        Find(file, column) is not ({ ValueKind: JsonValueKind.String } least, { ValueKind: JsonValueKind.String } most)
        || (Compare(least.GetString()!, max) <= 0 && Compare(most.GetString()!, min) >= 0);

    private static (JsonElement? Min, JsonElement? Max) Find(AddFile file, string column)
    {
        if (file.Statistics is null)
        {
            return (null, null);
        }

        try
        {
            using JsonDocument statistics = JsonDocument.Parse(file.Statistics);
            return (Find(statistics.RootElement, "minValues", column), Find(statistics.RootElement, "maxValues", column));
        }
        catch (JsonException)
        {
            // Damaged statistics are none.
            return (null, null);
        }
    }

    private static JsonElement? Find(JsonElement root, string bounds, string column) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(bounds, out JsonElement values)
        && values.ValueKind == JsonValueKind.Object && values.TryGetProperty(column, out JsonElement value) ? value.Clone() : null;

    private static DateOnly? DayOf(JsonElement value)
    {
        const int Length = 10;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: >= Length } text
            && DateOnly.TryParseExact(text[..Length], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
    }

    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
