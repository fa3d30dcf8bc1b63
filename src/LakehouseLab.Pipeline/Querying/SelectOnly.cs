using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>Lets statements pass that only read.</summary>
internal static class SelectOnly
{
    private static readonly HashSet<string> s_beginnings = new(StringComparer.OrdinalIgnoreCase)
        { "SELECT", "WITH", "FROM", "VALUES", "TABLE", "DESCRIBE", "SHOW", "SUMMARIZE", "PIVOT", "UNPIVOT" };

    /// <summary>Refuses whatever is not one reading statement.</summary>
    /// <exception cref="InvalidRequestException">It is not a query, or there are several.</exception>
    public static void Check(IReadOnlyList<SqlToken> tokens)
    {
        int end = tokens.Count;
        while (end > 0 && tokens[end - 1].IsSymbol(';'))
        {
            end--;
        }

        if (tokens.Take(end).Any(token => token.IsSymbol(';')))
        {
            throw new InvalidRequestException("SQL: there is more than one statement: give them one by one");
        }

        int at = 0;
        if (at < end && tokens[at].IsWord("EXPLAIN"))
        {
            // EXPLAIN ANALYZE runs what follows, so that is held to the same rule.
            at += at + 1 < end && tokens[at + 1].IsWord("ANALYZE") ? 2 : 1;
        }

        while (at < end && tokens[at].IsSymbol('('))
        {
            at++;
        }

        if (at >= end || tokens[at].Kind != SqlTokenKind.Word || !s_beginnings.Contains(tokens[at].Value))
        {
            throw new InvalidRequestException($"SQL: {(at < end ? $"'{tokens[at].Value}' does not begin a query" : "the statement is empty")}: only queries such as SELECT are run");
        }
    }
}
