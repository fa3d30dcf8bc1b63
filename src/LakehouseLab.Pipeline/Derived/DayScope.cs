using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Derived;

/// <summary>
/// Whether rows of a day follow from input of that day and the reach before it, so that a batch replaces the days that it reaches and
/// not their whole months. What only the month holds together (a window without an order, a group over days) needs the whole month.
/// </summary>
internal static class DayScope
{
    private static readonly string[] s_acrossDays =
    [
        "LIMIT", "OFFSET", "UNION", "INTERSECT", "EXCEPT", "LATERAL", "PIVOT", "UNPIVOT", "TABLESAMPLE", "ROLLUP", "CUBE", "GROUPING", "EXISTS",
        "LEAD", "FOLLOWING", "LAST_VALUE", "NTH_VALUE", "NTILE", "PERCENT_RANK", "CUME_DIST",
    ];

    private static readonly string[] s_afterGroups = ["HAVING", "ORDER", "WINDOW", "QUALIFY"];

    // Words after which a name is a column that is used, and no name that is given.
    private static readonly string[] s_beforeUse =
        ["SELECT", "DISTINCT", "BY", "AND", "OR", "NOT", "WHERE", "ON", "HAVING", "CASE", "WHEN", "THEN", "ELSE", "BETWEEN", "IN", "LIKE", "FILTER", "OVER", "ALL", "QUALIFY"];

    /// <summary>Whether it is provable of a model's query.</summary>
    /// <param name="model">The model.</param>
    /// <param name="find">Finds the model of an input.</param>
    public static bool Holds(Model model, Func<Tables.TableName, Model?> find)
    {
        if (model.EventTime is not { } eventTime || eventTime == model.PartitionBy)
        {
            return false;
        }

        List<SqlToken> tokens = SqlTokenizer.Tokenize(model.Sql.Text);
        string[] dated = [.. model.Sql.Inputs.Select(input => find(input) is { } made && made.EventTime != made.PartitionBy ? made.EventTime : null).OfType<string>()];
        bool isOneTable = model.Sql.Inputs.Count == 1 && tokens.Count(token => token.IsWord("ref")) == 1;
        bool isMonthly = model.Sql.Inputs.Any(input => find(input) is { EventTime: { } time } made && time == made.PartitionBy);
        HashSet<string> times = TimesOf(tokens, dated.Append(eventTime));
        return dated.Length > 0 && !isMonthly
            && (model.ReachDays > 0 || (isOneTable && !tokens.Any(token => token.IsWord("OVER") || token.IsWord("JOIN") || token.IsWord("WITH"))))
            && !tokens.Exists(token => Array.Exists(s_acrossDays, token.IsWord))
            && Enumerable.Range(0, tokens.Count).All(i => KeepsDays(tokens, i, times, isOneTable))
            && (dated.Length == 1 || Enumerable.Range(0, tokens.Count).Any(i => EquatesDays(tokens, i, times)));
    }

    // The names that stand for a row's time or its day: to_date(time) AS name gives another.
    private static HashSet<string> TimesOf(List<SqlToken> tokens, IEnumerable<string> known)
    {
        HashSet<string> times = new(known, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].IsName && IsDayOf(tokens, i, times))
            {
                times.Add(tokens[i].Value);
            }
        }

        return times;
    }

    // … to_date(time) AS name, with the name at i.
    private static bool IsDayOf(List<SqlToken> tokens, int i, HashSet<string> times)
    {
        int open = i > 5 && tokens[i - 4].IsSymbol('.') ? i - 6 : i - 4;
        return open > 0 && tokens[i - 1].IsWord("AS") && tokens[i - 2].IsSymbol(')') && tokens[i - 3].IsName && times.Contains(tokens[i - 3].Value)
            && tokens[open].IsSymbol('(') && tokens[open - 1].IsWord("to_date");
    }

    private static bool KeepsDays(List<SqlToken> tokens, int i, HashSet<string> times, bool isOneTable)
    {
        SqlToken token = tokens[i];
        if (token.IsWord("GROUP"))
        {
            return NamesATime(tokens, i + 2, times);
        }

        // A window goes forward in time: its order begins with the time, and without an order it would see all of its rows.
        if (token.IsWord("PARTITION") && i > 0 && tokens[i - 1].IsSymbol('('))
        {
            int order = tokens.FindIndex(i, next => next.IsWord("ORDER") || next.IsSymbol(')'));
            return order >= 0 && tokens[order].IsWord("ORDER") && OrdersByATime(tokens, order + 2, times);
        }

        bool opens = i + 1 < tokens.Count && tokens[i + 1].IsSymbol('(');
        if (opens && (token.IsWord("OVER") || (token.IsWord("AS") && i + 2 < tokens.Count && (tokens[i + 2].IsWord("ORDER") || tokens[i + 2].IsSymbol(')')))))
        {
            return i + 2 < tokens.Count && tokens[i + 2].IsWord("PARTITION");
        }

        if (token.IsWord("DISTINCT") && i + 1 < tokens.Count && tokens[i + 1].IsWord("ON"))
        {
            return false;
        }

        if (isOneTable && i > 0 && token.IsWord("SELECT") && !(tokens[i - 1].IsSymbol('(') && i > 1 && tokens[i - 2].IsWord("FROM")))
        {
            return false;
        }

        return !token.IsName || !times.Contains(token.Value) || IsDayOf(tokens, i, times) || !IsNamed(tokens, i, token.Value);
    }

    private static bool NamesATime(List<SqlToken> tokens, int i, HashSet<string> times)
    {
        for (int depth = 0; i < tokens.Count && depth >= 0 && !Array.Exists(s_afterGroups, tokens[i].IsWord); i++)
        {
            if (depth == 0 && tokens[i].IsName && times.Contains(tokens[i].Value))
            {
                return true;
            }

            depth += tokens[i].IsSymbol('(') ? 1 : tokens[i].IsSymbol(')') ? -1 : 0;
        }

        return false;
    }

    // ORDER BY time … or ORDER BY f(time) …, ascending.
    private static bool OrdersByATime(List<SqlToken> tokens, int i, HashSet<string> times)
    {
        int name = i + 2 < tokens.Count && tokens[i + 1].IsSymbol('(') && (tokens[i].IsWord("unix_date") || tokens[i].IsWord("unix_seconds") || tokens[i].IsWord("unix_micros")) ? i + 2 : i;
        int end = tokens.FindIndex(name, next => next.IsSymbol(',') || next.IsWord("RANGE") || next.IsWord("ROWS") || (name == i && next.IsSymbol(')')));
        return name < tokens.Count && tokens[name].IsName && times.Contains(tokens[name].Value)
            && !tokens.Skip(name).Take((end < 0 ? tokens.Count : end) - name).Any(next => next.IsWord("DESC"));
    }

    // a.day = b.day, with the equals sign at i.
    private static bool EquatesDays(List<SqlToken> tokens, int i, HashSet<string> times) =>
        tokens[i].IsSymbol('=') && i > 0 && i + 3 < tokens.Count
        && times.Contains(tokens[i - 1].Value) && tokens[i + 2].IsSymbol('.') && times.Contains(tokens[i + 3].Value);

    // Whether something other than the column of that name gets a name.
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

    // FROM (…) AS t(country, n) renames columns.
    private static bool IsColumnOfAlias(List<SqlToken> tokens, int i)
    {
        int open = i - 1;
        while (open > 0 && (tokens[open].IsName || tokens[open].IsSymbol(',')))
        {
            open--;
        }

        return open > 1 && tokens[open].IsSymbol('(') && tokens[open - 1].IsName && tokens[open - 2].IsWord("AS");
    }

    private static bool Same(string name, string key) => string.Equals(name, key, StringComparison.OrdinalIgnoreCase);
}
