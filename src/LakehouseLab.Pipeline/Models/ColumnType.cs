using System.Text.RegularExpressions;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Pipeline.Models;

/// <summary>The type of a model's column, in the names that Spark and Delta use: STRING, BIGINT, INT, BOOLEAN, DATE, TIMESTAMP, BINARY, DECIMAL(p,s).</summary>
public sealed partial record ColumnType
{
    private static readonly Dictionary<string, (string DuckDb, string Delta)> s_plain = new(StringComparer.Ordinal)
    {
        ["STRING"] = ("VARCHAR", "string"),
        ["BIGINT"] = ("BIGINT", "long"),
        ["INT"] = ("INTEGER", "integer"),
        ["BOOLEAN"] = ("BOOLEAN", "boolean"),
        ["DATE"] = ("DATE", "date"),
        ["TIMESTAMP"] = ("TIMESTAMP WITH TIME ZONE", "timestamp"),
        ["BINARY"] = ("BLOB", "binary"),
    };

    private ColumnType(string name, string duckDbName, string deltaName)
    {
        Name = name;
        DuckDbName = duckDbName;
        DeltaType = new PrimitiveType(deltaName);
    }

    /// <summary>Its name, as a model declares it.</summary>
    public string Name { get; }

    /// <summary>Its name in DuckDB.</summary>
    public string DuckDbName { get; }

    /// <summary>Its type in a table's schema.</summary>
    public DeltaType DeltaType { get; }

    /// <summary>Reads a type's name.</summary>
    /// <returns>The type, or null when there is none of that name.</returns>
    public static ColumnType? TryParse(string text)
    {
        if (s_plain.TryGetValue(text, out (string DuckDb, string Delta) plain))
        {
            return new ColumnType(text, plain.DuckDb, plain.Delta);
        }

        Match match = DecimalName().Match(text);
        return match.Success ? new ColumnType(text, text, $"decimal({match.Groups[1].Value},{match.Groups[2].Value})") : null;
    }

    /// <summary>The type of a column of a table that the runner wrote.</summary>
    /// <exception cref="ModelException">There is no such type in models.</exception>
    internal static ColumnType Of(DeltaType type) => type switch
    {
        PrimitiveType { Name: var name } when s_plain.FirstOrDefault(pair => pair.Value.Delta == name) is { Key: { } plain } => TryParse(plain)!,
        PrimitiveType { Name: var name } when TryParse(name.ToUpperInvariant()) is { } parsed => parsed,
        _ => throw new ModelException($"a table of the lake has a column of type {type}, which no model declares: rebuild the table with --full-refresh"),
    };

    [GeneratedRegex(@"^DECIMAL\(([1-9]|[12][0-9]|3[0-8]),([0-9]|[12][0-9]|3[0-8])\)$")]
    private static partial Regex DecimalName();
}
