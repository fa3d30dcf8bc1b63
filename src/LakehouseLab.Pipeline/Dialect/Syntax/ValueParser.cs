using System.Globalization;
using System.Text.RegularExpressions;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>Reads what operators stand between: written values, CASE, CAST, columns, calls, and all that is in parentheses.</summary>
/// <param name="tokens">What it reads.</param>
/// <param name="expressions">Reads the expressions within.</param>
/// <param name="readQuery">Reads a query within.</param>
internal sealed partial class ValueParser(Tokens tokens, ExpressionParser expressions, Func<Query> readQuery)
{
    private readonly WindowParser _windows = new(tokens, expressions);

    /// <summary>Reads a value.</summary>
    public Expression Read()
    {
        SqlToken next = tokens.Peek();
        int at = next.Start;
        switch (next.Kind)
        {
            case SqlTokenKind.Number:
                tokens.Take();
                return Number().IsMatch(next.Value)
                    ? new Literal(at, LiteralKind.Number, next.Value)
                    : throw new SyntaxException(at, $"'{next.Value}' is not allowed: write a number with digits and a point, such as 1000000 or 0.25");
            case SqlTokenKind.Text:
                return ReadText(LiteralKind.Text);
            case SqlTokenKind.Symbol when tokens.SeesSymbol("("):
                return ReadParenthesised();
            case SqlTokenKind.Symbol:
                expressions.RefuseOtherOperators();
                throw new SyntaxException(at, $"{tokens.Found()} where a value is expected");
            default:
                return next.Kind == SqlTokenKind.Word && ReadKeyword(next) is { } special ? special : ReadNamed();
        }
    }

    private Expression ReadParenthesised()
    {
        int at = tokens.At;
        tokens.TakesSymbol("(");
        Expression inner = tokens.Sees("SELECT") || tokens.Sees("WITH") ? new Subquery(at, null, readQuery(), IsExistence: false) : expressions.Read();
        if (tokens.SeesSymbol(","))
        {
            tokens.Fail("lists of values in parentheses are not allowed: compare one after the other, with AND");
        }

        tokens.RequireSymbol(")", "after the expression");
        return inner;
    }

    private Literal ReadText(LiteralKind kind)
    {
        SqlToken text = tokens.Take();
        if (text.Value.Contains('\\', StringComparison.Ordinal))
        {
            throw new SyntaxException(text.Start, "\\ in a text is not allowed: engines read it differently");
        }

        string written = tokens.TextOf(text);
        return written[0] == '\'' ? new Literal(text.Start, kind, text.Value) : throw new SyntaxException(text.Start, $"{written[..Math.Min(2, written.Length)]} is not allowed: quote texts with '");
    }

    // What begins with a word that is no name.
    private Expression? ReadKeyword(SqlToken word)
    {
        int at = word.Start;
        bool textFollows = tokens.Peek(1).Kind == SqlTokenKind.Text;
        switch (word.Value.ToUpperInvariant())
        {
            case "NULL":
                tokens.Take();
                return new Literal(at, LiteralKind.Null, "NULL");
            case "TRUE" or "FALSE":
                return new Literal(at, LiteralKind.Boolean, tokens.Take().Value.ToUpperInvariant());
            case "DATE" when textFollows:
                tokens.Take();
                Literal date = ReadText(LiteralKind.Date);
                return DateOnly.TryParseExact(date.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    ? date : throw new SyntaxException(at, $"DATE '{date.Text}' is not allowed: write it like DATE '2026-01-31'");
            case "TIMESTAMP" when textFollows:
                tokens.Take();
                Literal instant = ReadText(LiteralKind.Timestamp);
                return DateTime.TryParseExact(instant.Text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    ? instant : throw new SyntaxException(at, $"TIMESTAMP '{instant.Text}' is not allowed: write it in UTC, like TIMESTAMP '2026-01-31 12:30:00'");
            case "INTERVAL":
                throw new SyntaxException(at, "INTERVAL is not allowed: add whole days to a DATE, or compare unix_seconds()");
            case "CASE":
                return ReadCase();
            case "CAST" when tokens.Peek(1).IsSymbol('('):
                return ReadCast();
            case "EXISTS" when tokens.Peek(1).IsSymbol('('):
                return ReadExistence();
            case "EXTRACT" when tokens.Peek(1).IsSymbol('('):
                throw new SyntaxException(at, "EXTRACT is not allowed: write year(day), month(day) or day(day)");
            case "CURRENT_TIMESTAMP" or "CURRENT_DATE" or "CURRENT_TIME" or "LOCALTIMESTAMP":
                throw new SyntaxException(at, $"{word.Value} is not allowed: a model is a function of its input");
            default:
                return null;
        }
    }

    private Subquery ReadExistence()
    {
        int at = tokens.At;
        tokens.Take();
        tokens.RequireSymbol("(", "before a query");
        Query query = readQuery();
        tokens.RequireSymbol(")", "after the query");
        return new Subquery(at, null, query, IsExistence: true);
    }

    private Case ReadCase()
    {
        int at = tokens.At;
        tokens.Take();
        Expression? operand = tokens.Sees("WHEN") ? null : expressions.Read();
        List<(Expression, Expression)> branches = [];
        while (tokens.Takes("WHEN"))
        {
            Expression when = expressions.Read();
            tokens.Require("THEN", "after the condition of WHEN");
            branches.Add((when, expressions.Read()));
        }

        if (branches.Count == 0)
        {
            tokens.Fail($"{tokens.Found()} where WHEN is expected in CASE");
        }

        Expression? otherwise = tokens.Takes("ELSE") ? expressions.Read() : null;
        tokens.Require("END", "at the end of CASE");
        return new Case(at, operand, branches, otherwise);
    }

    private Cast ReadCast()
    {
        int at = tokens.At;
        tokens.Take();
        tokens.Take();
        Expression operand = expressions.Read();
        tokens.Require("AS", "in CAST(value AS type)");
        int typeAt = tokens.At;
        string type = Names.Read(tokens, "a type").ToUpperInvariant();
        if (tokens.TakesSymbol("("))
        {
            string precision = tokens.Take().Value;
            string scale = tokens.TakesSymbol(",") ? tokens.Take().Value : "0";
            tokens.RequireSymbol(")", "after the type");
            type = $"{type}({precision},{scale})";
        }

        tokens.RequireSymbol(")", "after the type of CAST");
        return new Cast(at, operand, type, typeAt);
    }

    // A column, or a call.
    private Expression ReadNamed()
    {
        int at = tokens.At;
        SqlToken next = tokens.Peek();
        bool called = next.Kind == SqlTokenKind.Word && tokens.Peek(1).IsSymbol('(');
        if (called && (!Names.IsReserved(next) || next.IsWord("LEFT") || next.IsWord("RIGHT")))
        {
            tokens.Take();
            return ReadCall(at, next.Value);
        }

        string name = Names.Read(tokens, "a value");
        if (!tokens.TakesSymbol("."))
        {
            return new ColumnName(at, null, name);
        }

        ColumnName column = new(at, name, Names.Read(tokens, "a column's name"));
        return tokens.SeesSymbol(".") ? throw new SyntaxException(tokens.At, "fields of structures are not in the dialect: read them in Silver") : column;
    }

    private Call ReadCall(int at, string name)
    {
        tokens.TakesSymbol("(");
        bool star = tokens.TakesSymbol("*");
        bool distinct = !star && tokens.Takes("DISTINCT");
        List<Expression> arguments = star || tokens.SeesSymbol(")") ? [] : expressions.ReadAll();
        foreach (string word in (string[])["ORDER", "IGNORE", "RESPECT", "FROM"])
        {
            if (tokens.Sees(word))
            {
                tokens.Fail($"{word} within {name}() is not allowed: engines differ in it");
            }
        }

        tokens.RequireSymbol(")", $"after the arguments of {name}");
        Expression? filter = null;
        if (tokens.Sees("FILTER") && tokens.Peek(1).IsSymbol('('))
        {
            tokens.Take();
            tokens.TakesSymbol("(");
            tokens.Require("WHERE", "after FILTER (");
            filter = expressions.Read();
            tokens.RequireSymbol(")", "after the condition of FILTER");
        }

        return new Call(at, name, arguments) { IsStar = star, IsDistinct = distinct, Filter = filter, Over = _windows.ReadOver() };
    }

    [GeneratedRegex("^[0-9]+([.][0-9]+)?$")]
    private static partial Regex Number();
}
