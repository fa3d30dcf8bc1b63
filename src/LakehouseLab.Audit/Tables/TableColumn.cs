using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>A column as the audit reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its values: numbers are read as whole numbers, of units, days or microseconds.</param>
/// <param name="Scale">Decimals of a <see cref="FieldType.Decimal"/>.</param>
/// <param name="Precision">Digits of a <see cref="FieldType.Decimal"/> in all.</param>
internal sealed record TableColumn(string Name, FieldType Type, int Scale = 0, int Precision = 0)
{
    private readonly string? _logType;

    /// <summary>Its type in the table's log.</summary>
    public string LogType
    {
        get => _logType ?? Type switch
        {
            FieldType.Text or FieldType.Uuid => "string",
            FieldType.Int64 => "long",
            FieldType.Decimal => FormattableString.Invariant($"decimal({Precision},{Scale})"),
            _ => Type.ToString().ToLowerInvariant(),
        };
        init => _logType = value;
    }

    /// <summary>The column of a domain's field.</summary>
    public static TableColumn Of(Field field) => new(field.Name, field.Type, field.Scale, field.Precision);

    /// <summary>A column of texts.</summary>
    public static TableColumn Text(string name) => new(name, FieldType.Text);

    /// <summary>A column of bytes.</summary>
    public static TableColumn Bytes(string name) => new(name, FieldType.Text) { LogType = "binary" };

    /// <summary>A column of whole numbers.</summary>
    public static TableColumn Count(string name) => new(name, FieldType.Int64);

    /// <summary>A column of instants.</summary>
    public static TableColumn Instant(string name) => new(name, FieldType.Timestamp);
}
