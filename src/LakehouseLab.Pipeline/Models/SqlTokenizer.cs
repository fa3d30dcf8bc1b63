namespace LakehouseLab.Pipeline.Models;

/// <summary>What a token of SQL is.</summary>
internal enum SqlTokenKind
{
    Word,
    Number,
    Text,
    QuotedName,
    Symbol,
    Comment,
}

/// <summary>A token of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">Its characters, quotes included.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    /// <summary>Where the next one may begin.</summary>
    public int End => Start + Length;

    /// <summary>Its characters.</summary>
    public ReadOnlySpan<char> In(string sql) => sql.AsSpan(Start, Length);

    /// <summary>Whether it is a word, in any case.</summary>
    public bool Is(string sql, string word) => In(sql).Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits SQL into tokens: as much of the language as finding references and forbidden words takes.</summary>
internal static class SqlTokenizer
{
    /// <summary>Reads all tokens, comments among them.</summary>
    /// <exception cref="FormatException">A text, a quoted name or a comment has no end; the message tells where it begins.</exception>
    public static List<SqlToken> Read(string sql)
    {
        List<SqlToken> tokens = [];
        for (int at = 0; at < sql.Length;)
        {
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
                continue;
            }

            SqlToken token = ReadOne(sql, at);
            tokens.Add(token);
            at = token.End;
        }

        return tokens;
    }

    private static SqlToken ReadOne(string sql, int at)
    {
        char first = sql[at];
        char second = at + 1 < sql.Length ? sql[at + 1] : '\0';
        return (first, second) switch
        {
            ('\'', _) => Quoted(sql, at, SqlTokenKind.Text),
            ('"', _) or ('`', _) => Quoted(sql, at, SqlTokenKind.QuotedName),
            ('-', '-') => Upto(sql, at, "\n", SqlTokenKind.Comment, endless: true),
            ('/', '*') => Upto(sql, at, "*/", SqlTokenKind.Comment, endless: false),
            ('/', '/') or ('|', '|') or ('<', '>') or ('<', '=') or ('>', '=') or ('!', '=') or (':', ':') or ('=', '>') => new SqlToken(SqlTokenKind.Symbol, at, 2),
            _ when char.IsAsciiDigit(first) => While(sql, at, SqlTokenKind.Number, static c => char.IsAsciiLetterOrDigit(c) || c == '.'),
            _ when char.IsLetter(first) || first == '_' => While(sql, at, SqlTokenKind.Word, static c => char.IsLetterOrDigit(c) || c is '_' or '$'),
            _ => new SqlToken(SqlTokenKind.Symbol, at, 1),
        };
    }

    private static SqlToken Quoted(string sql, int at, SqlTokenKind kind)
    {
        char quote = sql[at];
        for (int end = at + 1; end < sql.Length; end++)
        {
            if (sql[end] != quote)
            {
                continue;
            }

            if (end + 1 < sql.Length && sql[end + 1] == quote)
            {
                end++;
                continue;
            }

            return new SqlToken(kind, at, end + 1 - at);
        }

        throw new FormatException($"the text that begins at line {LineOf(sql, at)} has no closing {quote}");
    }

    private static SqlToken Upto(string sql, int at, string end, SqlTokenKind kind, bool endless)
    {
        int found = sql.IndexOf(end, at + 2, StringComparison.Ordinal);
        return found >= 0 ? new SqlToken(kind, at, found + end.Length - at)
            : endless ? new SqlToken(kind, at, sql.Length - at)
            : throw new FormatException($"the comment that begins at line {LineOf(sql, at)} has no closing {end}");
    }

    private static SqlToken While(string sql, int at, SqlTokenKind kind, Func<char, bool> belongs)
    {
        int end = at + 1;
        while (end < sql.Length && belongs(sql[end]))
        {
            end++;
        }

        return new SqlToken(kind, at, end - at);
    }

    /// <summary>The line of a place, from 1.</summary>
    public static int LineOf(string sql, int at) => sql.AsSpan(0, at).Count('\n') + 1;
}
