using System.Diagnostics;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>Delta's types in DuckDB's words.</summary>
internal static class DuckDbType
{
    /// <summary>The type that holds a Delta type's values.</summary>
    public static string Of(DeltaType type) => type switch
    {
        PrimitiveType primitive => Of(primitive.Name),
        ArrayType array => $"{Of(array.Element)}[]",
        MapType map => $"MAP({Of(map.Key)}, {Of(map.Value)})",
        StructType structure => $"STRUCT({string.Join(", ", structure.Fields.Select(field => $"{SqlText.Quote(field.Name)} {Of(field.Type)}"))})",
        _ => throw new UnreachableException($"there is no type {type}"),
    };

    private static string Of(string name) => name switch
    {
        "string" => "VARCHAR",
        "long" => "BIGINT",
        "integer" => "INTEGER",
        "short" => "SMALLINT",
        "byte" => "TINYINT",
        "float" => "FLOAT",
        "double" => "DOUBLE",
        "boolean" => "BOOLEAN",
        "binary" => "BLOB",
        "date" => "DATE",
        "timestamp" => "TIMESTAMPTZ",
        _ when name.StartsWith("decimal(", StringComparison.Ordinal) => name,
        _ => throw new UnreachableException($"there is no type '{name}'"),
    };
}
