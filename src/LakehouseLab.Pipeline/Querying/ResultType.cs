using DuckDB.NET.Native;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>The type of a result's column or of a part of it.</summary>
/// <param name="Id">Which type.</param>
/// <param name="Storage">What decimals and enumerations are stored as; otherwise <paramref name="Id"/>.</param>
/// <param name="Scale">Digits after a decimal's point.</param>
/// <param name="Names">Names of a struct's fields, or words of an enumeration.</param>
/// <param name="Parts">Types of a struct's fields; of a list's or array's elements; of a map's keys and values.</param>
/// <param name="Length">Elements of an array.</param>
internal sealed record ResultType(DuckDBType Id, DuckDBType Storage, int Scale, string[] Names, ResultType[] Parts, int Length)
{
    /// <summary>Whether values are numbers.</summary>
    public bool IsNumber => Id is DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or (>= DuckDBType.TinyInt and <= DuckDBType.Double);

    /// <summary>Reads a type.</summary>
    /// <param name="type">The engine's description.</param>
    /// <param name="column">The column, for messages.</param>
    /// <exception cref="InvalidRequestException">Its values cannot be written.</exception>
    public static ResultType Of(DuckDBLogicalType type, string column)
    {
        DuckDBType id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        return id switch
        {
            DuckDBType.Decimal => new ResultType(id, NativeMethods.LogicalType.DuckDBDecimalInternalType(type), NativeMethods.LogicalType.DuckDBDecimalScale(type), [], [], 0),
            DuckDBType.Enum => new ResultType(id, NativeMethods.LogicalType.DuckDBEnumInternalType(type), 0, EnumWords(type), [], 0),
            DuckDBType.List => Nested(id, [], [NativeMethods.LogicalType.DuckDBListTypeChildType(type)], column),
            DuckDBType.Array => Nested(id, [], [NativeMethods.LogicalType.DuckDBArrayTypeChildType(type)], column) with { Length = (int)NativeMethods.LogicalType.DuckDBArrayVectorGetSize(type) },
            DuckDBType.Map => Nested(id, [], [NativeMethods.LogicalType.DuckDBMapTypeKeyType(type), NativeMethods.LogicalType.DuckDBMapTypeValueType(type)], column),
            DuckDBType.Struct => Struct(type, column),
            DuckDBType.Union or DuckDBType.Bit or DuckDBType.TimeTz or DuckDBType.VarInt or DuckDBType.Any or DuckDBType.Invalid =>
                throw new InvalidRequestException($"SQL: column {SqlText.Quote(column)} has type {id.ToString().ToUpperInvariant()}, whose values cannot be written: cast it to VARCHAR"),
            _ => new ResultType(id, id, 0, [], [], 0),
        };
    }

    private static ResultType Struct(DuckDBLogicalType type, string column)
    {
        int count = (int)NativeMethods.LogicalType.DuckDBStructTypeChildCount(type);
        return Nested(
            DuckDBType.Struct,
            [.. Enumerable.Range(0, count).Select(field => NativeMethods.LogicalType.DuckDBStructTypeChildName(type, field))],
            [.. Enumerable.Range(0, count).Select(field => NativeMethods.LogicalType.DuckDBStructTypeChildType(type, field))],
            column);
    }

    private static ResultType Nested(DuckDBType id, string[] names, DuckDBLogicalType[] parts, string column)
    {
        try
        {
            return new ResultType(id, id, 0, names, [.. parts.Select(part => Of(part, column))], 0);
        }
        finally
        {
            Array.ForEach(parts, static part => part.Dispose());
        }
    }

    private static string[] EnumWords(DuckDBLogicalType type) =>
        [.. Enumerable.Range(0, (int)NativeMethods.LogicalType.DuckDBEnumDictionarySize(type)).Select(word => NativeMethods.LogicalType.DuckDBEnumDictionaryValue(type, word))];
}
