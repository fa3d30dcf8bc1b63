using LakehouseLab.Audit.Values;

namespace LakehouseLab.Audit.Gold;

/// <summary>A value that a row of a table should have: its hash, and what leads to what a person reads once it matters.</summary>
internal readonly struct Cell
{
    // No references, so that filling a row's cells costs the collector nothing.
    private readonly long _number;
    private readonly ulong _low;
    private readonly Kind _kind;

    private Cell(ulong code, long number, ulong low, Kind kind)
    {
        Code = code;
        _number = number;
        _low = low;
        _kind = kind;
    }

    private enum Kind : byte
    {
        Null,
        Number,
        Uuid,
        Text,
    }

    /// <summary>Absent.</summary>
    public static Cell Null { get; } = new(ValueHash.Null, 0, 0, Kind.Null);

    /// <summary>Hash of the value.</summary>
    public ulong Code { get; }

    /// <summary>A number.</summary>
    public static Cell Of(long number) => new(ValueHash.Of(number), number, 0, Kind.Number);

    /// <summary>A number, or absent.</summary>
    public static Cell Of(long? number) => number is { } value ? Of(value) : Null;

    /// <summary>A UUID.</summary>
    public static Cell Of(ulong high, ulong low) => new(ValueHash.Of(high, low), unchecked((long)high), low, Kind.Uuid);

    /// <summary>A text by its number among those of its column.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="code">Hash of its UTF-8.</param>
    public static Cell OfText(int index, ulong code) => new(code, index, 0, Kind.Text);

    /// <summary>The value as people read it; null when it is absent.</summary>
    /// <param name="column">The column.</param>
    /// <param name="texts">Tells the texts of columns.</param>
    public string? TextIn(TableColumn column, ICellTexts texts) => _kind switch
    {
        Kind.Null => null,
        Kind.Uuid => ValueText.OfUuid(unchecked((ulong)_number), _low),
        Kind.Text => texts.TextOf(column.Name, (int)_number),
        _ => ValueText.Of(column, _number),
    };
}
