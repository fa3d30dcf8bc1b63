using System.Text;

namespace LakehouseLab.SparkConnect.Plans;

/// <summary>Values and names as text of a statement.</summary>
public static class SparkText
{
    /// <summary>A text as an expression that has the same value whatever <c>spark.sql.parser.escapedStringLiterals</c> is.</summary>
    public static string Literal(string value) =>
        value.AsSpan().ContainsAny('\'', '\\') ? $"decode(X'{Convert.ToHexString(Encoding.UTF8.GetBytes(value))}', 'UTF-8')" : $"'{value}'";

    /// <summary>A name in backquotes.</summary>
    public static string Identifier(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
