namespace LakehouseLab.Pipeline.Sql;

/// <summary>Names and texts as SQL writes them.</summary>
internal static class SqlText
{
    /// <summary>A name in quotes.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The line of a place in a text, from 1.</summary>
    public static int LineOf(string sql, int at) => sql.AsSpan(0, at).Count('\n') + 1;
}
