using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>Reads expressions: conditions and what operators put together. Where engines rank operators differently, parentheses are asked for.</summary>
internal sealed class ExpressionParser
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

    private static readonly (string Word, string Remedy)[] s_otherWords =
    [
        ("DIV", "write CAST((a - a % b) / b AS BIGINT)"),
        ("RLIKE", "write rlike(value, 'pattern')"),
        ("ILIKE", "engines fold cases differently"),
        ("SIMILAR", "write rlike(value, 'pattern')"),
        ("COLLATE", "texts are compared by their bytes"),
    ];

    private readonly Tokens _tokens;
    private readonly Func<Query> _readQuery;
    private readonly ValueParser _values;

    /// <summary>Makes the parser.</summary>
    /// <param name="tokens">What it reads.</param>
    /// <param name="readQuery">Reads a query that stands in an expression.</param>
    public ExpressionParser(Tokens tokens, Func<Query> readQuery)
    {
        _tokens = tokens;
        _readQuery = readQuery;
        _values = new ValueParser(tokens, this, readQuery);
    }

    /// <summary>Reads one expression or more, with commas between them.</summary>
    public List<Expression> ReadAll()
    {
        List<Expression> expressions = [];
        do
        {
            expressions.Add(Read());
        }
        while (_tokens.TakesSymbol(","));
        return expressions;
    }

    /// <summary>Reads an expression.</summary>
    public Expression Read()
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
            ? new Subquery(at, left, _readQuery(), IsExistence: false)
            : new InList(at, left, ReadAll());
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

    /// <summary>Refuses an operator of one engine that comes next, with what to write instead.</summary>
    public void RefuseOtherOperators()
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

        return _tokens.TakesSymbol("+") ? ReadSigned() : _values.Read();
    }
}
