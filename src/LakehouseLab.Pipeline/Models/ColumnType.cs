using System.Globalization;
using System.Text.RegularExpressions;
using LakehouseLab.Delta.Schema;

namespace LakehouseLab.Pipeline.Models;

/// <summary>The type of a model's column, in the names that Spark and Delta use: STRING, BIGINT, INT, BOOLEAN, DATE, TIMESTAMP, BINARY, DECIMAL(p,s).</summary>
public sealed partial record ColumnType
{
    private static readonly Dictionary<string, string> s_deltaNames = new(StringComparer.Ordinal)
    {
        ["STRING"] = "string",
        ["BIGINT"] = "long",
        ["INT"] = "integer",
        ["BOOLEAN"] = "boolean",
        ["DATE"] = "date",
        ["TIMESTAMP"] = "timestamp",
        ["BINARY"] = "binary",
    };

    private ColumnType(string name, string deltaName)
    {
        Name = name;
        DeltaType = new PrimitiveType(deltaName);
    }

    /// <summary>Its name, as a model declares it.</summary>
    public string Name { get; }

    /// <summary>Its type in a table's schema.</summary>
    public DeltaType DeltaType { get; }

    /// <summary>Reads a type's name.</summary>
    /// <returns>The type, or null when there is none of that name.</returns>
    public static ColumnType? TryParse(string text)
    {
        if (s_deltaNames.TryGetValue(text, out string? delta))
        {
            return new ColumnType(text, delta);
        }

        Match match = DecimalName().Match(text);
        return match.Success && int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) <= int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            ? new ColumnType(text, $"decimal({match.Groups[1].Value},{match.Groups[2].Value})")
            : null;
    }

    [GeneratedRegex(@"^DECIMAL\(([1-9]|[12][0-9]|3[0-8]),([0-9]|[12][0-9]|3[0-8])\)$")]
    private static partial Regex DecimalName();
}
