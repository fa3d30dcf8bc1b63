using System.Globalization;
using LakehouseLab.Delta.Schema;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Values;

/// <summary>A column as the audit reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its values: numbers are read as whole numbers, of units, days or microseconds.</param>
/// <param name="Scale">Decimals of a <see cref="FieldType.Decimal"/>.</param>
/// <param name="Precision">Digits of a <see cref="FieldType.Decimal"/> in all.</param>
internal sealed record TableColumn(string Name, FieldType Type, int Scale = 0, int Precision = 0)
{
    private const string DecimalStart = "decimal(";

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

    /// <summary>The column of a field of a table's schema.</summary>
    /// <exception cref="NotSupportedException">It has a type that tables of a lake do not have.</exception>
    public static TableColumn Of(StructField field) => (field.Type as PrimitiveType)?.Name switch
    {
        "string" => Text(field.Name),
        "binary" => Bytes(field.Name),
        "long" => Count(field.Name),
        "integer" => Count(field.Name) with { LogType = "integer" },
        "boolean" => new(field.Name, FieldType.Boolean),
        "date" => new(field.Name, FieldType.Date),
        "timestamp" => Instant(field.Name),
        { } type when type.StartsWith(DecimalStart, StringComparison.Ordinal) && type[DecimalStart.Length..^1].Split(',') is [var precision, var scale] =>
            new(field.Name, FieldType.Decimal, int.Parse(scale, CultureInfo.InvariantCulture), int.Parse(precision, CultureInfo.InvariantCulture)),
        var type => throw new NotSupportedException($"column {field.Name} has type {type ?? field.Type.GetType().Name}, which the audit cannot read"),
    };

    /// <summary>A column of texts.</summary>
    public static TableColumn Text(string name) => new(name, FieldType.Text);

    /// <summary>A column of bytes.</summary>
    public static TableColumn Bytes(string name) => new(name, FieldType.Text) { LogType = "binary" };

    /// <summary>A column of whole numbers.</summary>
    public static TableColumn Count(string name) => new(name, FieldType.Int64);

    /// <summary>A column of instants.</summary>
    public static TableColumn Instant(string name) => new(name, FieldType.Timestamp);
}
