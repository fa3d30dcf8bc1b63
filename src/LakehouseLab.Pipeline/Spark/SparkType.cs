using System.Diagnostics;
using LakehouseLab.Delta.Schema;
using LakehouseLab.SparkConnect.Plans;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>Delta's types in Spark's words.</summary>
internal static class SparkType
{
    /// <summary>The type that holds a Delta type's values.</summary>
    public static string Of(DeltaType type) => type switch
    {
        PrimitiveType primitive => Of(primitive.Name),
        ArrayType array => $"ARRAY<{Of(array.Element)}>",
        MapType map => $"MAP<{Of(map.Key)}, {Of(map.Value)}>",
        StructType structure => $"STRUCT<{string.Join(", ", structure.Fields.Select(field => $"{SparkText.Identifier(field.Name)}: {Of(field.Type)}"))}>",
        _ => throw new UnreachableException($"there is no type {type}"),
    };

    /// <summary>Columns as the schema of a reader.</summary>
    public static string DdlOf(IEnumerable<StructField> fields) => string.Join(", ", fields.Select(field => $"{SparkText.Identifier(field.Name)} {Of(field.Type)}"));

    private static string Of(string name) => name switch
    {
        "string" => "STRING",
        "long" => "BIGINT",
        "integer" => "INT",
        "short" => "SMALLINT",
        "byte" => "TINYINT",
        "float" => "FLOAT",
        "double" => "DOUBLE",
        "boolean" => "BOOLEAN",
        "binary" => "BINARY",
        "date" => "DATE",
        "timestamp" => "TIMESTAMP",
        _ when name.StartsWith("decimal(", StringComparison.Ordinal) => name.ToUpperInvariant(),
        _ => throw new UnreachableException($"there is no type '{name}'"),
    };
}
