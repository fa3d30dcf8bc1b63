using LakehouseLab.Pipeline.Sql;

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
        List<SqlToken> tokens = SqlTokenizer.Tokenize(sql);
        List<string> problems = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            if (Problem(sql, tokens, i) is { } problem)
            {
                problems.Add($"line {SqlText.LineOf(sql, tokens[i].Start)}: {problem}");
            }
        }

        return problems;
    }

    private static string? Problem(string sql, List<SqlToken> tokens, int i)
    {
        SqlToken token = tokens[i];
        bool called = i + 1 < tokens.Count && tokens[i + 1].IsSymbol('(');
        return token.Kind switch
        {
            SqlTokenKind.Symbol => Symbol(tokens, i),
            SqlTokenKind.QuotedName when sql[token.Start] == '`' => "` quotes names on one engine only: write \"name\"",
            SqlTokenKind.Word when i > 0 && tokens[i - 1].IsSymbol('.') => null,
            SqlTokenKind.Word when called && s_forbiddenFunctions.TryGetValue(token.Value, out string? remedy) => $"{token.Value}() is not allowed: {remedy}",
            SqlTokenKind.Word when s_clockWords.Contains(token.Value, StringComparer.OrdinalIgnoreCase) => $"{token.Value} is not allowed: a model is a function of its input",
            SqlTokenKind.Word when s_forbiddenWords.TryGetValue(token.Value, out string? remedy) => $"{token.Value} is not allowed: {remedy}",
            SqlTokenKind.Word when token.IsWord("INTERVAL") => Interval(tokens, i),
            _ => null,
        };
    }

    private static string? Symbol(List<SqlToken> tokens, int i) => tokens[i].Value[0] switch
    {
        '/' when IsDoubled(tokens, i) => "// is not allowed: divide what divides exactly, then CAST",
        ':' when IsDoubled(tokens, i) => ":: is not allowed: write CAST(value AS type)",
        ';' => "; is not allowed: a model is one SELECT",
        _ => null,
    };

    private static bool IsDoubled(List<SqlToken> tokens, int i) =>
        i + 1 < tokens.Count && tokens[i + 1].IsSymbol(tokens[i].Value[0]) && tokens[i + 1].Start == tokens[i].End;

    private static string? Interval(List<SqlToken> tokens, int i) =>
        tokens.Skip(i + 1).Take(2).Any(token => token.Value.Contains("MONTH", StringComparison.OrdinalIgnoreCase) || token.Value.Contains("YEAR", StringComparison.OrdinalIgnoreCase))
            ? "date arithmetic with months is not allowed: engines differ at the ends of months"
            : null;
}
