using System.Globalization;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>A column of a relation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the form of SQL, lower case: <c>decimal(15,4)</c>, <c>array&lt;string&gt;</c>.</param>
/// <param name="Nullable">Whether it may be null.</param>
public sealed record SparkColumn(string Name, string Type, bool Nullable)
{
    internal static IReadOnlyList<SparkColumn> Of(DataType? schema) => schema?.Struct is { } type
        ? [.. type.Fields.Select(static field => new SparkColumn(field.Name, Text(field.DataType), field.Nullable))]
        : throw new SparkProtocolException("Spark's analysis of a relation has no columns: check that the server is Spark Connect 4.0 or newer.");

    private static string Text(DataType type) => type.KindCase switch
    {
        DataType.KindOneofCase.Null => "void",
        DataType.KindOneofCase.Binary => "binary",
        DataType.KindOneofCase.Boolean => "boolean",
        DataType.KindOneofCase.Byte => "tinyint",
        DataType.KindOneofCase.Short => "smallint",
        DataType.KindOneofCase.Integer => "int",
        DataType.KindOneofCase.Long => "bigint",
        DataType.KindOneofCase.Float => "float",
        DataType.KindOneofCase.Double => "double",
        DataType.KindOneofCase.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({type.Decimal.Precision},{type.Decimal.Scale})"),
        DataType.KindOneofCase.String => "string",
        DataType.KindOneofCase.Char => string.Create(CultureInfo.InvariantCulture, $"char({type.Char.Length})"),
        DataType.KindOneofCase.VarChar => string.Create(CultureInfo.InvariantCulture, $"varchar({type.VarChar.Length})"),
        DataType.KindOneofCase.Date => "date",
        DataType.KindOneofCase.Timestamp => "timestamp",
        DataType.KindOneofCase.TimestampNtz => "timestamp_ntz",
        DataType.KindOneofCase.Array => $"array<{Text(type.Array.ElementType)}>",
        DataType.KindOneofCase.Map => $"map<{Text(type.Map.KeyType)},{Text(type.Map.ValueType)}>",
        DataType.KindOneofCase.Struct => $"struct<{string.Join(',', type.Struct.Fields.Select(static field => $"{field.Name}:{Text(field.DataType)}"))}>",
        DataType.KindOneofCase.Variant => "variant",
        _ => "unknown",
    };
}
