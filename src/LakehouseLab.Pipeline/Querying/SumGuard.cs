using System.Text;
using System.Text.Json;
using LakehouseLab.Pipeline.Sql;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Querying;

/// <summary>
/// Keeps sums of very large numbers exact. DuckDB 1.5 adds partial sums of 128-bit integers without a check, so that one too large
/// comes out as another number. Where a statement sums such numbers, each is held against a bound under which no sum of a table's
/// rows can overflow; any other is an error.
/// </summary>
internal static class SumGuard
{
    /// <summary>Defines the function that checks a summand: fewer than 29 digits, so that ten billion of them fit.</summary>
    public const string Macro = """
        CREATE TEMP MACRO lakelab_summand(x) AS CASE
            WHEN starts_with(typeof(x), 'DECIMAL') OR typeof(x) = 'HUGEINT' THEN CASE
                WHEN x IS NULL OR abs(CAST(x AS DOUBLE)) < power(10.0, 28 - coalesce(TRY_CAST(regexp_extract(typeof(x), ',([0-9]+)', 1) AS INTEGER), 0)) THEN x
                ELSE error('a sum over numbers of 29 digits and more can overflow without notice: CAST them to DOUBLE, or to smaller units, before they are summed') END
            ELSE x END
        """;

    private const int DigitsOfLong = 18;

    private const string Summand = "lakelab_summand(";

    // Why the engine gives no plan of a statement that it would run.
    private static readonly string[] s_unseen = ["not implemented", "invalid input"];

    // What adds 128-bit integers: avg and mean sum first.
    private static readonly string[] s_sums = ["sum", "avg", "mean"];

    /// <summary>The statement with its summands checked, when it sums 128-bit integers; as it is when it does not.</summary>
    /// <param name="session">The session, in which the statement's tables are known.</param>
    /// <param name="sql">The statement.</param>
    /// <exception cref="InvalidRequestException">Its sums cannot be checked.</exception>
    public static string Apply(StreamingSession session, string sql)
    {
        List<SqlToken> tokens = SqlTokenizer.Tokenize(sql);
        if (!tokens.Any(token => token.IsName && IsSum(token.Value)) || !SumsLargeNumbers(session, sql))
        {
            return sql;
        }

        string guarded = Guard(sql, tokens);
        return guarded != sql ? guarded : throw new InvalidRequestException("SQL: its sums of numbers of more than 18 digits cannot be checked for overflow: write sum(…), or CAST them to DECIMAL(18,s)");
    }

    /// <summary>A column's name as it would be without the check.</summary>
    public static string NameOf(string column)
    {
        for (int start = column.IndexOf(Summand, StringComparison.Ordinal); start >= 0; start = column.IndexOf(Summand, StringComparison.Ordinal))
        {
            int depth = 1;
            int end = start + Summand.Length;
            for (; end < column.Length && depth > 0; end++)
            {
                depth += column[end] == '(' ? 1 : column[end] == ')' ? -1 : 0;
            }

            if (depth > 0)
            {
                return column;
            }

            column = column[..start] + column[(start + Summand.Length)..(end - 1)] + column[end..];
        }

        return column;
    }

    // The plan tells the types; of a statement that is wrong there is none, and of some that are right, such as PIVOT: they are guarded.
    private static bool SumsLargeNumbers(StreamingSession session, string sql)
    {
        using QueryResult plan = session.Stream($"SELECT json_serialize_plan({SqlText.Literal(sql)}, skip_null := true, skip_empty := true, optimize := false)", CancellationToken.None);
        if (!plan.ReadChunk() || plan.GetText(0, 0) is not { } text)
        {
            return false;
        }

        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4096 });
        return document.RootElement.TryGetProperty("error_type", out JsonElement failure)
            ? s_unseen.Contains(failure.GetString())
            : Any(document.RootElement);
    }

    private static bool Any(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(Any),
        JsonValueKind.Object => IsLargeSum(element) || element.EnumerateObject().Any(member => Any(member.Value)),
        _ => false,
    };

    private static bool IsLargeSum(JsonElement expression) =>
        expression.TryGetProperty("expression_class", out _)
        && expression.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String && IsSum(name.GetString()!)
        && expression.TryGetProperty("children", out JsonElement children) && children.ValueKind == JsonValueKind.Array
        && children.EnumerateArray().Any(child => child.TryGetProperty("return_type", out JsonElement type) && IsLarge(type));

    private static bool IsLarge(JsonElement type) => type.GetProperty("id").GetString() switch
    {
        "HUGEINT" => true,
        "DECIMAL" => type.GetProperty("type_info").GetProperty("width").GetInt32() > DigitsOfLong,
        _ => false,
    };

    private static bool IsSum(string name) => s_sums.Contains(name, StringComparer.OrdinalIgnoreCase);

    // sum(DISTINCT x ORDER BY y) becomes sum(DISTINCT lakelab_summand(x) ORDER BY y).
    private static string Guard(string sql, List<SqlToken> tokens)
    {
        SortedList<int, string> inserted = [];
        for (int i = 0; i + 2 < tokens.Count; i++)
        {
            if (!tokens[i].IsName || !IsSum(tokens[i].Value) || !tokens[i + 1].IsSymbol('('))
            {
                continue;
            }

            int first = tokens[i + 2].IsWord("DISTINCT") || tokens[i + 2].IsWord("ALL") ? i + 3 : i + 2;
            int end = EndOfArgument(tokens, first);
            if (end <= first)
            {
                continue;
            }

            inserted[tokens[first].Start] = inserted.GetValueOrDefault(tokens[first].Start) + Summand;
            inserted[tokens[end - 1].End] = inserted.GetValueOrDefault(tokens[end - 1].End) + ")";
        }

        StringBuilder guarded = new();
        int copied = 0;
        foreach ((int at, string text) in inserted)
        {
            guarded.Append(sql, copied, at - copied).Append(text);
            copied = at;
        }

        return guarded.Append(sql, copied, sql.Length - copied).ToString();
    }

    private static int EndOfArgument(List<SqlToken> tokens, int first)
    {
        int depth = 0;
        for (int i = first; i < tokens.Count; i++)
        {
            SqlToken token = tokens[i];
            if (depth == 0 && (token.IsSymbol(')') || token.IsSymbol(',') || token.IsWord("ORDER")))
            {
                return i;
            }

            depth += token.IsSymbol('(') || token.IsSymbol('[') || token.IsSymbol('{') ? 1
                : token.IsSymbol(')') || token.IsSymbol(']') || token.IsSymbol('}') ? -1
                : 0;
        }

        return tokens.Count;
    }
}
