using System.Globalization;
using System.Text.RegularExpressions;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <content>Expressions. Where engines rank operators differently, parentheses are asked for.</content>
internal sealed partial class QueryParser
{
    private static readonly string[] s_comparisons = ["<=>", "<=", ">=", "<>", "!=", "==", "=", "<", ">"];

    // Longer ones first, so that none is taken for the beginning of another.
    private static readonly (string Symbol, string Remedy)[] s_otherOperators =
    [
        ("::", "write CAST(value AS type)"),
        ("//", "write CAST((a - a % b) / b AS BIGINT)"),
        ("**", "multiply"),
        ("->", "read fields in Silver"),
        ("~", "write rlike(value, 'pattern')"),
        ("^", "multiply"),
        ("&", "engines rank it differently: use whole numbers and %"),
        ("|", "engines rank it differently: use whole numbers and %"),
        ("[", "the dialect has no lists"),
        ("{", "the dialect has no structures"),
    ];

    private List<Expression> ReadExpressions()
    {
        List<Expression> expressions = [];
        do
        {
            expressions.Add(ReadExpression());
        }
        while (_tokens.TakesSymbol(","));
        return expressions;
    }

    private Expression ReadExpression()
    {
        Expression left = ReadConjunction();
        while (_tokens.Sees("OR"))
        {
            int at = _tokens.At;
            _tokens.Take();
            left = new Binary(at, "OR", left, ReadConjunction());
        }

        return left;
    }

    private Expression ReadConjunction()
    {
        Expression left = ReadNegation();
        while (_tokens.Sees("AND"))
        {
            int at = _tokens.At;
            _tokens.Take();
            left = new Binary(at, "AND", left, ReadNegation());
        }

        return left;
    }

    private Expression ReadNegation()
    {
        int at = _tokens.At;
        return _tokens.Takes("NOT") ? new Unary(at, "NOT", ReadNegation()) : ReadPredicate();
    }

    private Expression ReadPredicate()
    {
        Expression left = ReadConcatenation();
        if (ReadPredicateOf(left) is not { } predicate)
        {
            return left;
        }

        int at = _tokens.At;
        return ReadPredicateOf(predicate) is null ? predicate : throw new SyntaxException(at, "one comparison follows another: put the first in parentheses");
    }

    private Expression? ReadPredicateOf(Expression left)
    {
        int at = _tokens.At;
        foreach (string symbol in s_comparisons)
        {
            if (_tokens.TakesSymbol(symbol))
            {
                return symbol switch
                {
                    "==" => throw new SyntaxException(at, "== is not allowed: write ="),
                    "<=>" => throw new SyntaxException(at, "<=> is not allowed: write IS NOT DISTINCT FROM"),
                    _ => new Binary(at, symbol == "!=" ? "<>" : symbol, left, ReadConcatenation()),
                };
            }
        }

        if (_tokens.Takes("IS"))
        {
            bool negated = _tokens.Takes("NOT");
            if (_tokens.Takes("DISTINCT", "FROM"))
            {
                return new Binary(at, negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", left, ReadConcatenation());
            }

            return _tokens.Sees("NULL") || _tokens.Sees("TRUE") || _tokens.Sees("FALSE")
                ? new IsTest(at, left, _tokens.Take().Value.ToUpperInvariant(), negated)
                : throw new SyntaxException(_tokens.At, $"{_tokens.Found()} where NULL, TRUE, FALSE or DISTINCT FROM is expected after IS");
        }

        bool not = _tokens.Sees("NOT") && (_tokens.Peek(1).IsWord("IN") || _tokens.Peek(1).IsWord("LIKE") || _tokens.Peek(1).IsWord("BETWEEN"));
        if (not)
        {
            _tokens.Take();
        }

        Expression? positive = ReadMembership(at, left);
        return positive is not null && not ? new Unary(at, "NOT", positive) : positive;
    }

    private Expression? ReadMembership(int at, Expression left)
    {
        if (_tokens.Takes("BETWEEN"))
        {
            Expression low = ReadConcatenation();
            _tokens.Require("AND", "after the lower bound of BETWEEN");
            return new Between(at, left, low, ReadConcatenation());
        }

        if (_tokens.Takes("LIKE"))
        {
            Like like = new(at, left, ReadConcatenation());
            return _tokens.Sees("ESCAPE") ? throw new SyntaxException(_tokens.At, "ESCAPE is not allowed: write rlike(value, 'pattern')") : like;
        }

        if (!_tokens.Takes("IN"))
        {
            return null;
        }

        _tokens.RequireSymbol("(", "after IN");
        Expression result = _tokens.Sees("SELECT") || _tokens.Sees("WITH")
            ? new Subquery(at, left, ReadQuery(), IsExistence: false)
            : new InList(at, left, ReadExpressions());
        _tokens.RequireSymbol(")", "after the values of IN");
        return result;
    }

    private Expression ReadConcatenation()
    {
        Expression left = ReadSum();
        while (_tokens.SeesSymbol("||"))
        {
            int at = _tokens.At;
            _tokens.TakesSymbol("||");
            left = new Binary(at, "||", left, ReadSum());
        }

        return left;
    }

    private Expression ReadSum()
    {
        Expression left = ReadProduct();
        while (_tokens.SeesSymbol("+") || (_tokens.SeesSymbol("-") && !_tokens.SeesSymbol("->")))
        {
            int at = _tokens.At;
            left = new Binary(at, _tokens.Take().Value, left, ReadProduct());
        }

        return left;
    }

    private Expression ReadProduct()
    {
        Expression left = ReadSigned();
        while ((_tokens.SeesSymbol("*") && !_tokens.SeesSymbol("**")) || (_tokens.SeesSymbol("/") && !_tokens.SeesSymbol("//")) || _tokens.SeesSymbol("%"))
        {
            int at = _tokens.At;
            left = new Binary(at, _tokens.Take().Value, left, ReadSigned());
        }

        RefuseOtherOperators();
        return left;
    }

    private void RefuseOtherOperators()
    {
        if (_tokens.SeesSymbol("||"))
        {
            return;
        }

        foreach ((string symbol, string remedy) in s_otherOperators)
        {
            if (_tokens.SeesSymbol(symbol))
            {
                _tokens.Fail($"{symbol} is not allowed: {remedy}");
            }
        }

        foreach ((string word, string remedy) in ((string, string)[])[("DIV", "write CAST((a - a % b) / b AS BIGINT)"), ("RLIKE", "write rlike(value, 'pattern')"), ("ILIKE", "engines fold cases differently"), ("SIMILAR", "write rlike(value, 'pattern')"), ("COLLATE", "texts are compared by their bytes")])
        {
            if (_tokens.Sees(word) && (_tokens.Peek(1).IsName || _tokens.Peek(1).Kind is SqlTokenKind.Number or SqlTokenKind.Text || _tokens.Peek(1).IsSymbol('(')))
            {
                _tokens.Fail($"{word} is not allowed: {remedy}");
            }
        }
    }

    private Expression ReadSigned()
    {
        int at = _tokens.At;
        if (_tokens.TakesSymbol("-"))
        {
            return new Unary(at, "-", ReadSigned());
        }

        return _tokens.TakesSymbol("+") ? ReadSigned() : ReadPrimary();
    }

    private Expression ReadPrimary()
    {
        SqlToken next = _tokens.Peek();
        int at = next.Start;
        switch (next.Kind)
        {
            case SqlTokenKind.Number:
                _tokens.Take();
                return Number().IsMatch(next.Value)
                    ? new Literal(at, LiteralKind.Number, next.Value)
                    : throw new SyntaxException(at, $"'{next.Value}' is not allowed: write a number with digits and a point, such as 1000000 or 0.25");
            case SqlTokenKind.Text:
                return ReadText(LiteralKind.Text);
            case SqlTokenKind.Symbol when _tokens.SeesSymbol("("):
                return ReadParenthesised();
            case SqlTokenKind.Symbol:
                RefuseOtherOperators();
                throw new SyntaxException(at, $"{_tokens.Found()} where a value is expected");
            default:
                return next.Kind == SqlTokenKind.Word && ReadKeyword(next) is { } special ? special : ReadNamed();
        }
    }

    private Expression ReadParenthesised()
    {
        int at = _tokens.At;
        _tokens.TakesSymbol("(");
        Expression inner = _tokens.Sees("SELECT") || _tokens.Sees("WITH") ? new Subquery(at, null, ReadQuery(), IsExistence: false) : ReadExpression();
        if (_tokens.SeesSymbol(","))
        {
            _tokens.Fail("lists of values in parentheses are not allowed: compare one after the other, with AND");
        }

        _tokens.RequireSymbol(")", "after the expression");
        return inner;
    }

    private Literal ReadText(LiteralKind kind)
    {
        SqlToken text = _tokens.Take();
        if (text.Value.Contains('\\', StringComparison.Ordinal))
        {
            throw new SyntaxException(text.Start, "\\ in a text is not allowed: engines read it differently");
        }

        string written = _tokens.TextOf(text);
        return written[0] == '\'' ? new Literal(text.Start, kind, text.Value) : throw new SyntaxException(text.Start, $"{written[..Math.Min(2, written.Length)]} is not allowed: quote texts with '");
    }

    // What begins with a word that is no name.
    private Expression? ReadKeyword(SqlToken word)
    {
        int at = word.Start;
        bool textFollows = _tokens.Peek(1).Kind == SqlTokenKind.Text;
        switch (word.Value.ToUpperInvariant())
        {
            case "NULL":
                _tokens.Take();
                return new Literal(at, LiteralKind.Null, "NULL");
            case "TRUE" or "FALSE":
                return new Literal(at, LiteralKind.Boolean, _tokens.Take().Value.ToUpperInvariant());
            case "DATE" when textFollows:
                _tokens.Take();
                Literal date = ReadText(LiteralKind.Date);
                return DateOnly.TryParseExact(date.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    ? date : throw new SyntaxException(at, $"DATE '{date.Text}' is not allowed: write it like DATE '2026-01-31'");
            case "TIMESTAMP" when textFollows:
                _tokens.Take();
                Literal instant = ReadText(LiteralKind.Timestamp);
                return DateTime.TryParseExact(instant.Text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    ? instant : throw new SyntaxException(at, $"TIMESTAMP '{instant.Text}' is not allowed: write it in UTC, like TIMESTAMP '2026-01-31 12:30:00'");
            case "INTERVAL":
                throw new SyntaxException(at, "INTERVAL is not allowed: add whole days to a DATE, or compare unix_seconds()");
            case "CASE":
                return ReadCase();
            case "CAST" when _tokens.Peek(1).IsSymbol('('):
                return ReadCast();
            case "EXISTS" when _tokens.Peek(1).IsSymbol('('):
                _tokens.Take();
                return new Subquery(at, null, ReadQueryInParentheses(), IsExistence: true);
            case "EXTRACT" when _tokens.Peek(1).IsSymbol('('):
                throw new SyntaxException(at, "EXTRACT is not allowed: write year(day), month(day) or day(day)");
            case "CURRENT_TIMESTAMP" or "CURRENT_DATE" or "CURRENT_TIME" or "LOCALTIMESTAMP":
                throw new SyntaxException(at, $"{word.Value} is not allowed: a model is a function of its input");
            default:
                return null;
        }
    }

    private Case ReadCase()
    {
        int at = _tokens.At;
        _tokens.Take();
        Expression? operand = _tokens.Sees("WHEN") ? null : ReadExpression();
        List<(Expression, Expression)> branches = [];
        while (_tokens.Takes("WHEN"))
        {
            Expression when = ReadExpression();
            _tokens.Require("THEN", "after the condition of WHEN");
            branches.Add((when, ReadExpression()));
        }

        if (branches.Count == 0)
        {
            _tokens.Fail($"{_tokens.Found()} where WHEN is expected in CASE");
        }

        Expression? otherwise = _tokens.Takes("ELSE") ? ReadExpression() : null;
        _tokens.Require("END", "at the end of CASE");
        return new Case(at, operand, branches, otherwise);
    }

    private Cast ReadCast()
    {
        int at = _tokens.At;
        _tokens.Take();
        _tokens.Take();
        Expression operand = ReadExpression();
        _tokens.Require("AS", "in CAST(value AS type)");
        int typeAt = _tokens.At;
        string type = ReadName("a type").ToUpperInvariant();
        if (_tokens.TakesSymbol("("))
        {
            string precision = _tokens.Take().Value;
            string scale = _tokens.TakesSymbol(",") ? _tokens.Take().Value : "0";
            _tokens.RequireSymbol(")", "after the type");
            type = $"{type}({precision},{scale})";
        }

        _tokens.RequireSymbol(")", "after the type of CAST");
        return new Cast(at, operand, type, typeAt);
    }

    // A column, or a call.
    private Expression ReadNamed()
    {
        int at = _tokens.At;
        SqlToken next = _tokens.Peek();
        bool called = next.Kind == SqlTokenKind.Word && _tokens.Peek(1).IsSymbol('(');
        if (called && (!s_reserved.Contains(next.Value) || next.IsWord("LEFT") || next.IsWord("RIGHT")))
        {
            _tokens.Take();
            return ReadCall(at, next.Value);
        }

        string name = ReadName("a value");
        if (!_tokens.TakesSymbol("."))
        {
            return new ColumnName(at, null, name);
        }

        ColumnName column = new(at, name, ReadName("a column's name"));
        return _tokens.SeesSymbol(".") ? throw new SyntaxException(_tokens.At, "fields of structures are not in the dialect: read them in Silver") : column;
    }

    private Call ReadCall(int at, string name)
    {
        _tokens.TakesSymbol("(");
        bool star = _tokens.TakesSymbol("*");
        bool distinct = !star && _tokens.Takes("DISTINCT");
        List<Expression> arguments = star || _tokens.SeesSymbol(")") ? [] : ReadExpressions();
        foreach (string word in (string[])["ORDER", "IGNORE", "RESPECT", "FROM"])
        {
            if (_tokens.Sees(word))
            {
                _tokens.Fail($"{word} within {name}() is not allowed: engines differ in it");
            }
        }

        _tokens.RequireSymbol(")", $"after the arguments of {name}");
        Expression? filter = null;
        if (_tokens.Sees("FILTER") && _tokens.Peek(1).IsSymbol('('))
        {
            _tokens.Take();
            _tokens.TakesSymbol("(");
            _tokens.Require("WHERE", "after FILTER (");
            filter = ReadExpression();
            _tokens.RequireSymbol(")", "after the condition of FILTER");
        }

        return new Call(at, name, arguments) { IsStar = star, IsDistinct = distinct, Filter = filter, Over = ReadOver() };
    }

    private Window? ReadOver()
    {
        if (_tokens.Sees("IGNORE") || _tokens.Sees("RESPECT"))
        {
            _tokens.Fail("IGNORE NULLS is not allowed: engines differ in it");
        }

        if (!_tokens.Takes("OVER"))
        {
            return null;
        }

        int at = _tokens.At;
        return _tokens.SeesSymbol("(") ? ReadWindow() : new Window(at, ReadName("a window"), [], [], null);
    }

    private Window ReadWindow()
    {
        int at = _tokens.At;
        _tokens.RequireSymbol("(", "before a window");
        IReadOnlyList<Expression> partition = _tokens.Takes("PARTITION", "BY") ? ReadExpressions() : [];
        IReadOnlyList<Ordering> order = ReadOrderBy();
        Frame? frame = _tokens.Sees("ROWS") || _tokens.Sees("RANGE") ? ReadFrame() : null;
        if (!_tokens.SeesSymbol(")"))
        {
            _tokens.Fail($"{_tokens.Found()} in a window: write PARTITION BY …, then ORDER BY …, then ROWS or RANGE …");
        }

        _tokens.TakesSymbol(")");
        return new Window(at, null, partition, order, frame);
    }

    private List<Ordering> ReadOrderBy()
    {
        List<Ordering> order = [];
        if (!_tokens.Takes("ORDER", "BY"))
        {
            return order;
        }

        do
        {
            Expression by = ReadExpression();
            if (by is Literal or ColumnName { Relation: null, Name: "ALL" or "all" })
            {
                throw new SyntaxException(by.At, "ORDER BY a number or ALL is not allowed: name the expressions");
            }

            bool descending = _tokens.Takes("DESC");
            _ = descending || _tokens.Takes("ASC");
            _ = _tokens.Takes("NULLS", "FIRST") || _tokens.Takes("NULLS", "LAST");
            order.Add(new Ordering(by, descending));
        }
        while (_tokens.TakesSymbol(","));
        return order;
    }

    private Frame ReadFrame()
    {
        int at = _tokens.At;
        bool isRange = _tokens.Take().IsWord("RANGE");
        if (!_tokens.Takes("BETWEEN"))
        {
            return new Frame(at, isRange, ReadBound(), 0);
        }

        long? from = ReadBound();
        _tokens.Require("AND", "between the bounds of a window");
        return new Frame(at, isRange, from, ReadBound());
    }

    private long? ReadBound()
    {
        if (_tokens.Takes("UNBOUNDED"))
        {
            _ = _tokens.Takes("PRECEDING") || _tokens.Takes("FOLLOWING");
            return null;
        }

        if (_tokens.Takes("CURRENT", "ROW"))
        {
            return 0;
        }

        SqlToken number = _tokens.Peek();
        if (number.Kind != SqlTokenKind.Number || !long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long distance))
        {
            _tokens.Fail($"{_tokens.Found()} where a bound of the window is expected: UNBOUNDED PRECEDING, CURRENT ROW, or a whole number with PRECEDING or FOLLOWING");
            return null;
        }

        _tokens.Take();
        if (_tokens.Takes("PRECEDING"))
        {
            return -distance;
        }

        _tokens.Require("FOLLOWING", "or PRECEDING after the number of a bound");
        return distance;
    }

    private void RefuseBacktick()
    {
        SqlToken name = _tokens.Peek();
        if (name.Kind == SqlTokenKind.QuotedName && _tokens.TextOf(name)[0] == '`')
        {
            _tokens.Fail("` quotes names on one engine only: write \"name\"");
        }
    }

    [GeneratedRegex("^[0-9]+([.][0-9]+)?$")]
    private static partial Regex Number();
}
