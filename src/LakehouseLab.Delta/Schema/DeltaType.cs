namespace LakehouseLab.Delta.Schema;

/// <summary>A column's type (Delta protocol, "Schema Serialization Format").</summary>
public abstract record DeltaType;

/// <summary>A type without parts.</summary>
/// <param name="Name">Its name in the log: string, long, integer, short, byte, float, double, boolean, binary, date, timestamp, decimal(p,s).</param>
public sealed record PrimitiveType(string Name) : DeltaType
{
    /// <summary>UTF-8 text.</summary>
    public static PrimitiveType Text { get; } = new("string");

    /// <summary>A signed 64-bit integer.</summary>
    public static PrimitiveType Int64 { get; } = new("long");

    /// <summary>Bytes.</summary>
    public static PrimitiveType Binary { get; } = new("binary");

    /// <summary>An instant in UTC microseconds.</summary>
    public static PrimitiveType Timestamp { get; } = new("timestamp");
}

/// <summary>A list.</summary>
/// <param name="Element">Type of its elements.</param>
/// <param name="ContainsNull">Whether elements may be null.</param>
public sealed record ArrayType(DeltaType Element, bool ContainsNull) : DeltaType;

/// <summary>A map.</summary>
/// <param name="Key">Type of its keys.</param>
/// <param name="Value">Type of its values.</param>
/// <param name="ValueContainsNull">Whether values may be null.</param>
public sealed record MapType(DeltaType Key, DeltaType Value, bool ValueContainsNull) : DeltaType;

/// <summary>Named fields: a table's schema, or a nested type.</summary>
/// <param name="Fields">The fields in order.</param>
public sealed record StructType(IReadOnlyList<StructField> Fields) : DeltaType
{
    /// <summary>Finds a field; names are case-insensitive, as in Delta.</summary>
    public StructField? Find(string name) => Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A field of a schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether values may be absent.</param>
/// <param name="Metadata">Its metadata as JSON, such as a comment or an invariant; <c>{}</c> for none.</param>
public sealed record StructField(string Name, DeltaType Type, bool Nullable = true, string Metadata = "{}");
