using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>Reads names.</summary>
internal static class Names
{
    // Words that begin something else, so that they are neither columns nor names without AS.
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNION", "INTERSECT", "EXCEPT", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS",
        "NATURAL", "ON", "USING", "AND", "OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "END", "AS", "QUALIFY", "WINDOW", "BETWEEN", "IN", "IS", "LIKE", "CAST",
        "DISTINCT", "WITH", "BY", "NULL", "TRUE", "FALSE", "EXISTS", "LATERAL", "TABLESAMPLE", "PIVOT", "UNPIVOT", "SEMI", "ANTI", "ASOF", "POSITIONAL",
    };

    /// <summary>Whether a token is a word that begins something else.</summary>
    public static bool IsReserved(SqlToken token) => token.Kind == SqlTokenKind.Word && s_reserved.Contains(token.Value);

    /// <summary>Reads a name that must come next.</summary>
    /// <param name="tokens">What is read.</param>
    /// <param name="what">What it names, for a message.</param>
    public static string Read(Tokens tokens, string what)
    {
        SqlToken name = tokens.Peek();
        if (!name.IsName || IsReserved(name))
        {
            tokens.Fail($"{tokens.Found()} where {what} is expected");
        }

        if (name.Kind == SqlTokenKind.QuotedName && tokens.TextOf(name)[0] == '`')
        {
            tokens.Fail("` quotes names on one engine only: write \"name\"");
        }

        return tokens.Take().Value;
    }

    /// <summary>Reads a name without AS; null when none comes next.</summary>
    public static string? ReadPlain(Tokens tokens) =>
        tokens.Peek() is { IsName: true } next && !IsReserved(next) ? Read(tokens, "a name") : null;
}
