namespace LakehouseLab.Pipeline.Models;

/// <summary>
/// Refuses what does not mean the same on every engine: Spark's function names are the dialect, aggregates are over integers
/// and decimals alone, and nothing depends on an order that engines do not share.
/// </summary>
internal static class DialectLint
{
    private static readonly Dictionary<string, string> s_forbiddenWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EXCLUDE"] = "name the columns",
        ["MERGE"] = "the runner merges: declare strategy: merge",
        ["INSERT"] = "a model is one SELECT",
        ["UPDATE"] = "a model is one SELECT",
        ["DELETE"] = "a model is one SELECT",
        ["CREATE"] = "a model is one SELECT",
        ["DROP"] = "a model is one SELECT",
        ["COPY"] = "a model is one SELECT",
        ["ATTACH"] = "a model is one SELECT",
        ["PRAGMA"] = "a model is one SELECT",
        ["HUGEINT"] = "declare BIGINT or DECIMAL",
        ["DOUBLE"] = "declare DECIMAL with a scale",
        ["FLOAT"] = "declare DECIMAL with a scale",
        ["REAL"] = "declare DECIMAL with a scale",
    };

    private static readonly Dictionary<string, string> s_forbiddenFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["avg"] = "divide exact sums and round to a declared scale",
        ["mean"] = "divide exact sums and round to a declared scale",
        ["stddev"] = "engines differ in the last digits",
        ["stddev_pop"] = "engines differ in the last digits",
        ["stddev_samp"] = "engines differ in the last digits",
        ["variance"] = "engines differ in the last digits",
        ["var_pop"] = "engines differ in the last digits",
        ["var_samp"] = "engines differ in the last digits",
        ["corr"] = "engines differ in the last digits",
        ["median"] = "engines interpolate differently",
        ["approx_count_distinct"] = "approximations differ: count(DISTINCT …)",
        ["approx_quantile"] = "approximations differ",
        ["approx_percentile"] = "approximations differ",
        ["first"] = "which row is first is not defined: min, max or row_number()",
        ["last"] = "which row is last is not defined: min, max or row_number()",
        ["any_value"] = "which value it is is not defined: min or max",
        ["mode"] = "ties are not defined",
        ["string_agg"] = "ordered aggregates differ",
        ["listagg"] = "ordered aggregates differ",
        ["array_agg"] = "ordered aggregates differ",
        ["list"] = "ordered aggregates differ",
        ["collect_list"] = "ordered aggregates differ",
        ["collect_set"] = "ordered aggregates differ",
        ["random"] = "a model is a function of its input",
        ["rand"] = "a model is a function of its input",
        ["uuid"] = "a model is a function of its input",
        ["now"] = "a model is a function of its input",
        ["current_timestamp"] = "a model is a function of its input",
        ["current_date"] = "a model is a function of its input",
        ["today"] = "a model is a function of its input",
        ["add_months"] = "engines differ at the ends of months",
        ["months_between"] = "engines differ at the ends of months",
        ["read_parquet"] = "read tables by ref()",
        ["read_csv"] = "read tables by ref()",
        ["read_json"] = "read tables by ref()",
        ["delta_scan"] = "read tables by ref()",
    };

    private static readonly string[] s_clockWords = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP"];

    /// <summary>Finds all that is forbidden in a query.</summary>
    /// <returns>One line for each: where, what, and what to write instead.</returns>
    public static IReadOnlyList<string> Check(string sql)
    {
        List<SqlToken> tokens = [.. SqlTokenizer.Read(sql).Where(token => token.Kind != SqlTokenKind.Comment)];
        List<string> problems = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            if (Problem(sql, tokens, i) is { } problem)
            {
                problems.Add($"line {SqlTokenizer.LineOf(sql, tokens[i].Start)}: {problem}");
            }
        }

        return problems;
    }

    private static string? Problem(string sql, List<SqlToken> tokens, int i)
    {
        SqlToken token = tokens[i];
        string text = token.In(sql).ToString();
        SqlToken? next = i + 1 < tokens.Count ? tokens[i + 1] : null;
        bool called = next is { } following && following.Is(sql, "(");
        bool isColumn = i > 0 && tokens[i - 1].Is(sql, ".");
        return token.Kind switch
        {
            SqlTokenKind.Symbol => Symbol(text),
            SqlTokenKind.QuotedName when text[0] == '`' => "` quotes names on one engine only: write \"name\"",
            SqlTokenKind.Word when isColumn => null,
            SqlTokenKind.Word when called && s_forbiddenFunctions.TryGetValue(text, out string? remedy) => $"{text}() is not allowed: {remedy}",
            SqlTokenKind.Word when s_clockWords.Contains(text, StringComparer.OrdinalIgnoreCase) => $"{text} is not allowed: a model is a function of its input",
            SqlTokenKind.Word when s_forbiddenWords.TryGetValue(text, out string? remedy) => $"{text} is not allowed: {remedy}",
            SqlTokenKind.Word when token.Is(sql, "INTERVAL") => Interval(sql, tokens, i),
            _ => null,
        };
    }

    private static string? Symbol(string text) => text switch
    {
        "//" => "// is not allowed: divide what divides exactly, then CAST",
        "::" => ":: is not allowed: write CAST(value AS type)",
        ";" => "; is not allowed: a model is one SELECT",
        _ => null,
    };

    private static string? Interval(string sql, List<SqlToken> tokens, int i)
    {
        IEnumerable<SqlToken> unit = tokens.Skip(i + 1).Take(2);
        return unit.Any(token => token.In(sql).Contains("MONTH", StringComparison.OrdinalIgnoreCase) || token.In(sql).Contains("YEAR", StringComparison.OrdinalIgnoreCase))
            ? "date arithmetic with months is not allowed: engines differ at the ends of months"
            : null;
    }
}
