using System.Globalization;
using System.Text;
using System.Text.Json;
using LakehouseLab.Audit.Values;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>The statistics of a data file in the log, read on one's own.</summary>
internal sealed class LogStatistics
{
    // The log keeps milliseconds: a greatest instant stands for all of its millisecond.
    private const long MicrosecondsPerMillisecond = 1000;

    private readonly JsonElement _root;

    private LogStatistics(JsonElement root) => _root = root;

    /// <summary>How many rows they say that the file has; null when they do not.</summary>
    /// <exception cref="FormatException">It is not a number of rows.</exception>
    public long? Rows => !_root.TryGetProperty("numRecords", out JsonElement rows) ? null
        : rows.ValueKind == JsonValueKind.Number && rows.TryGetInt64(out long count) ? count
        : throw new FormatException($"numRecords is {rows.GetRawText()}");

    /// <summary>Reads statistics.</summary>
    /// <exception cref="FormatException">They are not a JSON object.</exception>
    public static LogStatistics Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new LogStatistics(document.RootElement.Clone()) : throw new FormatException("they are not a JSON object");
        }
        catch (JsonException exception)
        {
            throw new FormatException("they are not a JSON object", exception);
        }
    }

    /// <summary>What they say of a column.</summary>
    /// <exception cref="FormatException">A bound is not a value of the column's type.</exception>
    public ClaimedBounds Of(TableColumn column)
    {
        long? nulls = Find("nullCount", column) is not { } count ? null
            : count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long whole) ? whole : throw Refusal(column, count);
        JsonElement? min = Find("minValues", column);
        JsonElement? max = Find("maxValues", column);
        return column.Type is FieldType.Text or FieldType.Uuid
            ? new ClaimedBounds(null, null, min is { } first ? TextOf(column, first) : null, max is { } last ? TextOf(column, last) : null, nulls)
            : new ClaimedBounds(
                min is { } least ? BoundOf(column, least, roundUp: true) : null,
                max is { } greatest ? BoundOf(column, greatest, roundUp: false) : null,
                null, null, nulls);
    }

    /// <summary>Whether they bound a column.</summary>
    public bool HasBounds(TableColumn column) => Find("minValues", column) is not null || Find("maxValues", column) is not null;

    private JsonElement? Find(string kind, TableColumn column) =>
        _root.TryGetProperty(kind, out JsonElement values) && values.ValueKind == JsonValueKind.Object
        && values.TryGetProperty(column.Name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static long BoundOf(TableColumn column, JsonElement value, bool roundUp) => column.Type switch
    {
        FieldType.Date => DateOnly.TryParseExact(value.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber
            : throw Refusal(column, value),
        FieldType.Timestamp => DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? ((instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) + (roundUp ? 0 : MicrosecondsPerMillisecond - 1)
            : throw Refusal(column, value),
        FieldType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? (value.GetBoolean() ? 1 : 0) : throw Refusal(column, value),
        _ => NumberOf(column, value, roundUp),
    };

    // A bound between two numbers of the column bounds the same as the next one.
    private static long NumberOf(TableColumn column, JsonElement value, bool roundUp)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out decimal number))
        {
            throw Refusal(column, value);
        }

        for (int i = 0; i < column.Scale; i++)
        {
            number = Math.Abs(number) < decimal.MaxValue / 10 ? number * 10 : number;
        }

        decimal whole = roundUp ? Math.Ceiling(number) : Math.Floor(number);
        return (long)Math.Clamp(whole, long.MinValue, long.MaxValue);
    }

    private static byte[] TextOf(TableColumn column, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(value.GetString()!) : throw Refusal(column, value);

    private static FormatException Refusal(TableColumn column, JsonElement value) => new($"of column {column.Name} they say {value.GetRawText()}, which is not a value of type {column.LogType}");
}
