using LakehouseLab.Audit.Tables;

namespace LakehouseLab.Audit.Gold;

/// <summary>A value that a row of a table should have: its hash, and what a person reads once it matters.</summary>
internal readonly struct Cell
{
    private readonly long _number;
    private readonly ulong _low;
    private readonly object? _text;
    private readonly bool _isUuid;

    private Cell(ulong code, long number, ulong low, object? text, bool isUuid)
    {
        Code = code;
        _number = number;
        _low = low;
        _text = text;
        _isUuid = isUuid;
    }

    /// <summary>Absent.</summary>
    public static Cell Null { get; } = new(ValueHash.Null, 0, 0, null, false);

    /// <summary>Hash of the value.</summary>
    public ulong Code { get; }

    /// <summary>A number.</summary>
    public static Cell Of(long number) => new(ValueHash.Of(number), number, 0, null, false);

    /// <summary>A number, or absent.</summary>
    public static Cell Of(long? number) => number is { } value ? Of(value) : Null;

    /// <summary>A UUID.</summary>
    public static Cell Of(ulong high, ulong low) => new(ValueHash.Of(high, low), unchecked((long)high), low, null, true);

    /// <summary>A text of a dictionary.</summary>
    public static Cell Of(TextIndex texts, int index, ulong code) => new(code, index, 0, texts, false);

    /// <summary>A text.</summary>
    public static Cell Of(string? text) => text is null ? Null : new(ValueHash.Of(System.Text.Encoding.UTF8.GetBytes(text)), 0, 0, text, false);

    /// <summary>The value as people read it; null when it is absent.</summary>
    public string? TextIn(TableColumn column) => _text switch
    {
        TextIndex texts => texts.TextOf((int)_number),
        string text => text,
        _ when _isUuid => ValueText.OfUuid(unchecked((ulong)_number), _low),
        _ => Code == ValueHash.Null ? null : ValueText.Of(column, _number),
    };
}
