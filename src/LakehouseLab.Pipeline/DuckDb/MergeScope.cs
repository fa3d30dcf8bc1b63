using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.DuckDb;

/// <summary>
/// Whether rows of a key follow from input rows of the same key alone, which is what a merge of touched keys needs. That is provable of a
/// query over one table, at most of subqueries one within the other, through which the key goes as it is.
/// </summary>
internal static class MergeScope
{
    private static readonly string[] s_severalRows = ["JOIN", "LIMIT", "OFFSET", "UNION", "INTERSECT", "EXCEPT", "WITH", "LATERAL", "PIVOT", "UNPIVOT", "TABLESAMPLE", "ROLLUP", "CUBE", "GROUPING"];

    // Words after which a name is a column that is used, and no name that is given.
    private static readonly string[] s_beforeUse =
        ["SELECT", "DISTINCT", "BY", "AND", "OR", "NOT", "WHERE", "ON", "HAVING", "CASE", "WHEN", "THEN", "ELSE", "BETWEEN", "IN", "LIKE", "FILTER", "OVER", "ALL", "QUALIFY"];

    /// <summary>Why only a query over all of its input gives the right rows; null when touched keys suffice.</summary>
    public static string? FindReason(Model model)
    {
        List<SqlToken> tokens = SqlTokenizer.Tokenize(model.Sql.Text);
        if (model.Sql.Inputs.Count != 1 || tokens.Count(token => token.IsWord("ref")) != 1)
        {
            return "it reads more than one table";
        }

        if (tokens.FirstOrDefault(token => s_severalRows.Any(token.IsWord)) is { Value: { } word })
        {
            return $"{word.ToUpperInvariant()} puts rows of several keys together";
        }

        for (int i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].IsWord("SELECT") && !(tokens[i - 1].IsSymbol('(') && i > 1 && tokens[i - 2].IsWord("FROM")))
            {
                return "it has a subquery beside its FROM";
            }

            if ((tokens[i].IsWord("OVER") || tokens[i].IsWord("WINDOW")) && !PartitionsByKey(model, tokens, i))
            {
                return "a window goes over rows of several keys";
            }

            if (tokens[i].IsWord("ON"))
            {
                return "DISTINCT ON chooses among rows of several keys";
            }

            if (model.Key.FirstOrDefault(key => IsNamed(tokens, i, key)) is { } computed)
            {
                return $"{computed} is computed";
            }
        }

        return model.Key.All(key => tokens.Any(token => token.IsName && Same(token.Value, key)) || tokens.Any(token => token.IsSymbol('*'))) ? null : "its key is not a column of its input";
    }

    // Whether something other than the column of that name gets a key's name.
    private static bool IsNamed(List<SqlToken> tokens, int i, string key)
    {
        if (!tokens[i].IsName || !Same(tokens[i].Value, key))
        {
            return false;
        }

        SqlToken before = tokens[i - 1];
        if (before.IsWord("AS"))
        {
            // The column itself, alone in its place of the list: country AS country, t.country AS country.
            int start = i > 3 && tokens[i - 3].IsSymbol('.') ? i - 4 : i - 2;
            return !(i > 1 && tokens[i - 2].IsName && Same(tokens[i - 2].Value, key) && start > 0 && (tokens[start - 1].IsSymbol(',') || tokens[start - 1].IsWord("SELECT") || tokens[start - 1].IsWord("DISTINCT")));
        }

        return before.IsName || before.Kind is SqlTokenKind.Number or SqlTokenKind.Text || before.IsSymbol(')') || before.IsSymbol(']')
            ? !s_beforeUse.Any(before.IsWord)
            : IsColumnOfAlias(tokens, i);
    }

    // FROM (…) AS t(country, n) names columns anew.
    private static bool IsColumnOfAlias(List<SqlToken> tokens, int i)
    {
        int open = i - 1;
        while (open > 0 && (tokens[open].IsName || tokens[open].IsSymbol(',')))
        {
            open--;
        }

        return open > 1 && tokens[open].IsSymbol('(') && tokens[open - 1].IsName && tokens[open - 2].IsWord("AS");
    }

    // OVER (PARTITION BY a, b …) or WINDOW name AS (PARTITION BY a, b …) with all of the key; OVER name is held to its WINDOW.
    private static bool PartitionsByKey(Model model, List<SqlToken> tokens, int i)
    {
        int open = i + 1;
        if (tokens[i].IsWord("OVER") && open < tokens.Count && tokens[open].IsName)
        {
            return true;
        }

        while (open < tokens.Count && !tokens[open].IsSymbol('('))
        {
            open++;
        }

        if (open + 2 >= tokens.Count || !tokens[open + 1].IsWord("PARTITION") || !tokens[open + 2].IsWord("BY"))
        {
            return false;
        }

        List<string> names = [];
        for (int at = open + 3; at < tokens.Count && (tokens[at].IsName || tokens[at].IsSymbol(',') || tokens[at].IsSymbol('.')) && !tokens[at].IsWord("ORDER"); at++)
        {
            names.Add(tokens[at].Value);
        }

        // More windows behind a WINDOW are not looked at.
        return model.Key.All(key => names.Contains(key, StringComparer.OrdinalIgnoreCase))
            && !(tokens[i].IsWord("WINDOW") && tokens.Skip(i).Count(token => token.IsWord("PARTITION")) > 1);
    }

    private static bool Same(string name, string key) => string.Equals(name, key, StringComparison.OrdinalIgnoreCase);
}
