using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Sql;

/// <summary>Cuts SQL text into tokens, as far as finding table references needs it: quotes and comments hide what is in them.</summary>
internal static class SqlTokenizer
{
    /// <summary>Cuts a text.</summary>
    /// <exception cref="InvalidRequestException">A quote or comment does not end.</exception>
    public static List<SqlToken> Tokenize(string sql)
    {
        List<SqlToken> tokens = [];
        int at = 0;
        while (at < sql.Length)
        {
            char next = sql[at];
            if (char.IsWhiteSpace(next))
            {
                at++;
            }
            else if (StartsWith(sql, at, "--"))
            {
                int end = sql.IndexOf('\n', at);
                at = end < 0 ? sql.Length : end;
            }
            else if (StartsWith(sql, at, "/*"))
            {
                at = EndOfComment(sql, at);
            }
            else
            {
                SqlToken token = Read(sql, at);
                tokens.Add(token);
                at = token.End;
            }
        }

        return tokens;
    }

    private static SqlToken Read(string sql, int at)
    {
        char first = sql[at];
        if (first is '\'' or '"' or '`')
        {
            return ReadQuoted(sql, at, at, backslashes: false);
        }

        if (first is 'e' or 'E' && at + 1 < sql.Length && sql[at + 1] == '\'')
        {
            return ReadQuoted(sql, at, at + 1, backslashes: true);
        }

        if (char.IsAsciiDigit(first))
        {
            int end = EndWhile(sql, at, static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_');
            return new SqlToken(SqlTokenKind.Number, at, end, sql[at..end]);
        }

        if (char.IsLetter(first) || first == '_')
        {
            int end = EndWhile(sql, at, static character => char.IsLetterOrDigit(character) || character is '_' or '$');
            return new SqlToken(SqlTokenKind.Word, at, end, sql[at..end]);
        }

        return first == '$' && ReadDollarQuoted(sql, at) is { } text ? text : new SqlToken(SqlTokenKind.Symbol, at, at + 1, sql[at..(at + 1)]);
    }

    // A doubled quote stands for one of them.
    private static SqlToken ReadQuoted(string sql, int start, int open, bool backslashes)
    {
        char quote = sql[open];
        System.Text.StringBuilder value = new();
        for (int at = open + 1; at < sql.Length; at++)
        {
            if (backslashes && sql[at] == '\\' && at + 1 < sql.Length)
            {
                value.Append(sql[++at]);
            }
            else if (sql[at] != quote)
            {
                value.Append(sql[at]);
            }
            else if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                value.Append(sql[at++]);
            }
            else
            {
                return new SqlToken(quote == '\'' ? SqlTokenKind.Text : SqlTokenKind.QuotedName, start, at + 1, value.ToString());
            }
        }

        throw new InvalidRequestException($"SQL: the quote {quote} at character {open + 1} does not end");
    }

    // $$text$$ or $tag$text$tag$; $1 and $name are parameters.
    private static SqlToken? ReadDollarQuoted(string sql, int at)
    {
        int close = EndWhile(sql, at + 1, static character => char.IsLetterOrDigit(character) || character == '_');
        if (close >= sql.Length || sql[close] != '$')
        {
            return null;
        }

        string tag = sql[at..(close + 1)];
        int end = sql.IndexOf(tag, close + 1, StringComparison.Ordinal);
        return end < 0
            ? throw new InvalidRequestException($"SQL: the quote {tag} at character {at + 1} does not end")
            : new SqlToken(SqlTokenKind.Text, at, end + tag.Length, sql[(close + 1)..end]);
    }

    // Comments nest, as in PostgreSQL, whose syntax the engine has.
    private static int EndOfComment(string sql, int start)
    {
        int depth = 0;
        for (int at = start; at < sql.Length;)
        {
            depth += StartsWith(sql, at, "/*") ? 1 : StartsWith(sql, at, "*/") ? -1 : 0;
            at += StartsWith(sql, at, "/*") || StartsWith(sql, at, "*/") ? 2 : 1;
            if (depth == 0)
            {
                return at;
            }
        }

        throw new InvalidRequestException($"SQL: the comment at character {start + 1} does not end");
    }

    private static int EndWhile(string sql, int at, Func<char, bool> belongs)
    {
        while (at < sql.Length && belongs(sql[at]))
        {
            at++;
        }

        return at;
    }

    private static bool StartsWith(string sql, int at, string text) => sql.AsSpan(at).StartsWith(text, StringComparison.Ordinal);
}
