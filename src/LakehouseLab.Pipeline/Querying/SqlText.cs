namespace LakehouseLab.Pipeline.Querying;

/// <summary>Names and texts as SQL writes them.</summary>
internal static class SqlText
{
    /// <summary>A name in quotes.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
