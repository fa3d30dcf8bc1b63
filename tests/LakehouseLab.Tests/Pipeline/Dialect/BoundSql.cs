using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Tests.Pipeline.Dialect;

/// <summary>Holds queries against the dialect. <c>ref('silver.a')</c> has a column of each type; <c>ref('gold.b')</c> the same.</summary>
internal static class BoundSql
{
    private static readonly (string Name, SqlType Type)[] s_columns =
    [
        ("id", new SqlType(SqlKind.BigInt)), ("small", new SqlType(SqlKind.Int)), ("money", new SqlType(SqlKind.Decimal, 15, 4)), ("rate", new SqlType(SqlKind.Decimal, 30, 6)),
        ("name", new SqlType(SqlKind.Text)), ("day", new SqlType(SqlKind.Date)), ("at", new SqlType(SqlKind.Timestamp)), ("flag", new SqlType(SqlKind.Boolean)), ("blob", new SqlType(SqlKind.Binary)),
    ];

    /// <summary>What is wrong with a query, each with its place before it.</summary>
    public static IReadOnlyList<string> ProblemsOf(string sql)
    {
        try
        {
            return [.. QueryBinder.Bind(QueryParser.ParseQuery(sql), static _ => s_columns).Problems.Select(static problem => $"{problem.At}: {problem.Message}")];
        }
        catch (SyntaxException exception)
        {
            return [$"{exception.At}: {exception.Message}"];
        }
    }

    /// <summary>The type of an expression.</summary>
    public static string TypeOf(string expression)
    {
        BoundQuery query = QueryBinder.Bind(QueryParser.ParseQuery($"SELECT {expression} AS x FROM ref('silver.a')"), static _ => s_columns);
        Assert.Empty(query.Problems);
        return query.Result!.Columns[0].Type.ToString();
    }
}
