using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>
/// Reads queries of the dialect. It knows only what both engines read alike, so everything else is refused where it stands, with
/// what to write instead.
/// </summary>
internal sealed class QueryParser
{
    // What only one engine reads, or both in different ways, with what to write instead.
    private static readonly Dictionary<string, string> s_otherJoins = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NATURAL"] = "write JOIN … ON with the columns",
        ["USING"] = "write ON with the columns",
        ["LATERAL"] = "write a query with GROUP BY and join it",
        ["SEMI"] = "write WHERE EXISTS (…) or IN (…)",
        ["ANTI"] = "write LEFT JOIN … ON … WHERE … IS NULL",
        ["ASOF"] = "write a JOIN and keep the nearest row by row_number()",
        ["POSITIONAL"] = "rows have no position: write JOIN … ON",
        ["TABLESAMPLE"] = "a model is a function of its input",
        ["PIVOT"] = "write sum(CASE WHEN … END) for each column",
        ["UNPIVOT"] = "write UNION ALL",
        ["OFFSET"] = "keep rows by row_number()",
    };

    private readonly Tokens _tokens;
    private readonly ExpressionParser _expressions;
    private readonly WindowParser _windows;

    private QueryParser(string text)
    {
        _tokens = new Tokens(text);
        _expressions = new ExpressionParser(_tokens, ReadQuery);
        _windows = new WindowParser(_tokens, _expressions);
    }

    /// <summary>Reads a query, which must be all of the text.</summary>
    /// <exception cref="SyntaxException">It is not a query of the dialect.</exception>
    /// <exception cref="World.Requests.InvalidRequestException">A quote or comment does not end.</exception>
    public static Query ParseQuery(string text)
    {
        QueryParser parser = new(text);
        if (!parser._tokens.Sees("SELECT") && !parser._tokens.Sees("WITH") && !parser._tokens.SeesSymbol("("))
        {
            parser._tokens.Fail($"{parser._tokens.Found()} at the beginning: a model is one SELECT");
        }

        Query query = parser.ReadQuery();
        parser.RequireEnd("after the query");
        return query;
    }

    /// <summary>Reads a condition, which must be all of the text.</summary>
    /// <exception cref="SyntaxException">It is not an expression of the dialect.</exception>
    /// <exception cref="World.Requests.InvalidRequestException">A quote or comment does not end.</exception>
    public static Expression ParseExpression(string text)
    {
        QueryParser parser = new(text);
        Expression expression = parser._expressions.Read();
        parser.RequireEnd("after the expression");
        return expression;
    }

    private void RequireEnd(string where)
    {
        if (_tokens.SeesSymbol(";"))
        {
            _tokens.Fail("';' is not allowed: a model is one SELECT");
        }

        if (!_tokens.IsAtEnd)
        {
            RefuseOther();
            _tokens.Fail($"{_tokens.Found()} {where}, where nothing more is expected");
        }
    }

    private Query ReadQuery()
    {
        int at = _tokens.At;
        List<NamedQuery> with = [];
        if (_tokens.Takes("WITH"))
        {
            if (_tokens.Sees("RECURSIVE"))
            {
                _tokens.Fail("RECURSIVE is not allowed: engines bound recursion differently");
            }

            do
            {
                int nameAt = _tokens.At;
                string name = Names.Read(_tokens, "a name of WITH");
                IReadOnlyList<string>? columns = ReadColumnNames();
                _tokens.Require("AS", "after the name of WITH");
                with.Add(new NamedQuery(nameAt, name, columns, ReadQueryInParentheses()));
            }
            while (_tokens.TakesSymbol(","));
        }

        QueryBody body = ReadUnion();
        IReadOnlyList<Ordering> order = _windows.ReadOrderBy();
        Expression? limit = _tokens.Takes("LIMIT") ? _expressions.Read() : null;
        RefuseOther();
        return new Query(at, with, body, order, limit);
    }

    private Query ReadQueryInParentheses()
    {
        _tokens.RequireSymbol("(", "before a query");
        Query query = ReadQuery();
        _tokens.RequireSymbol(")", "after the query");
        return query;
    }

    private QueryBody ReadUnion()
    {
        QueryBody left = ReadIntersection();
        while (_tokens.Sees("UNION") || _tokens.Sees("EXCEPT"))
        {
            int at = _tokens.At;
            string operation = _tokens.Take().Value.ToUpperInvariant();
            bool all = ReadAll();
            left = new SetOperation(at, operation, all, left, ReadIntersection());
        }

        return left;
    }

    private QueryBody ReadIntersection()
    {
        QueryBody left = ReadQueryTerm();
        while (_tokens.Sees("INTERSECT"))
        {
            int at = _tokens.At;
            _tokens.Take();
            bool all = ReadAll();
            left = new SetOperation(at, "INTERSECT", all, left, ReadQueryTerm());
        }

        return left;
    }

    private bool ReadAll()
    {
        bool all = _tokens.Takes("ALL");
        _tokens.Takes("DISTINCT");
        if (_tokens.Sees("BY"))
        {
            _tokens.Fail("BY NAME is not allowed: columns go together by their place");
        }

        return all;
    }

    private QueryBody ReadQueryTerm()
    {
        if (_tokens.SeesSymbol("("))
        {
            int at = _tokens.At;
            return new NestedQuery(at, ReadQueryInParentheses());
        }

        return ReadSelect();
    }

    private Select ReadSelect()
    {
        int at = _tokens.At;
        _tokens.Require("SELECT", "at the beginning of a query");
        bool distinct = _tokens.Takes("DISTINCT");
        if (_tokens.Sees("ON"))
        {
            _tokens.Fail("DISTINCT ON is not allowed: keep a row by row_number() OVER (PARTITION BY … ORDER BY …)");
        }

        _tokens.Takes("ALL");
        List<SelectItem> items = [];
        do
        {
            items.Add(ReadItem());
        }
        while (_tokens.TakesSymbol(","));
        FromItem? from = _tokens.Takes("FROM") ? ReadFrom() : null;
        Expression? where = _tokens.Takes("WHERE") ? _expressions.Read() : null;
        IReadOnlyList<Expression> groups = _tokens.Takes("GROUP", "BY") ? ReadGroups() : [];
        Expression? having = _tokens.Takes("HAVING") ? _expressions.Read() : null;
        List<(string, Window)> windows = [];
        Expression? qualify = _tokens.Takes("QUALIFY") ? _expressions.Read() : null;
        if (_tokens.Takes("WINDOW"))
        {
            do
            {
                string name = Names.Read(_tokens, "a window's name");
                _tokens.Require("AS", "after the window's name");
                windows.Add((name, _windows.ReadWindow()));
            }
            while (_tokens.TakesSymbol(","));
        }

        qualify ??= _tokens.Takes("QUALIFY") ? _expressions.Read() : null;
        return new Select(at, distinct, items, from, where) { GroupBy = groups, Having = having, Qualify = qualify, Windows = windows };
    }

    private List<Expression> ReadGroups()
    {
        foreach (string word in (string[])["ALL", "ROLLUP", "CUBE", "GROUPING"])
        {
            if (_tokens.Sees(word) && (word is "ALL" or "GROUPING" || _tokens.Peek(1).IsSymbol('(')))
            {
                _tokens.Fail($"GROUP BY {word} is not allowed: name the columns, and put several groupings together by UNION ALL");
            }
        }

        List<Expression> groups = _expressions.ReadAll();
        return groups.FirstOrDefault(group => group is Literal) is { } literal
            ? throw new SyntaxException(literal.At, "GROUP BY a number is not allowed: name the expression")
            : groups;
    }

    private SelectItem ReadItem()
    {
        int at = _tokens.At;
        bool qualified = _tokens.Peek().IsName && _tokens.Peek(1).IsSymbol('.') && _tokens.Peek(2).IsSymbol('*');
        if (qualified || _tokens.SeesSymbol("*"))
        {
            string? of = qualified ? _tokens.Take().Value : null;
            _tokens.TakesSymbol(".");
            _tokens.TakesSymbol("*");
            return _tokens.Sees("EXCLUDE") || _tokens.Sees("REPLACE") || _tokens.Sees("EXCEPT") && _tokens.Peek(1).IsSymbol('(')
                ? throw new SyntaxException(_tokens.At, $"{_tokens.Peek().Value.ToUpperInvariant()} is not allowed: name the columns")
                : new SelectItem(at, null, null, of);
        }

        Expression value = _expressions.Read();
        return new SelectItem(at, value, _tokens.Takes("AS") ? Names.Read(_tokens, "a column's name after AS") : Names.ReadPlain(_tokens), null);
    }

    private FromItem ReadFrom()
    {
        FromItem left = ReadRelation();
        while (true)
        {
            RefuseOther();
            if (_tokens.SeesSymbol(","))
            {
                _tokens.Fail("',' between relations is not allowed: write JOIN … ON, or CROSS JOIN");
            }

            int at = _tokens.At;
            string? kind = ReadJoin();
            if (kind is null)
            {
                return left;
            }

            FromItem right = ReadRelation();
            RefuseOther();
            Expression? on = null;
            if (kind != "CROSS")
            {
                _tokens.Require("ON", $"after what {kind} JOIN joins");
                on = _expressions.Read();
            }

            left = new Join(at, kind, left, right, on);
        }
    }

    private string? ReadJoin()
    {
        foreach (string kind in (string[])["LEFT", "RIGHT", "FULL"])
        {
            if (_tokens.Takes(kind))
            {
                RefuseOther();
                _tokens.Takes("OUTER");
                _tokens.Require("JOIN", $"after {kind}");
                return kind;
            }
        }

        return _tokens.Takes("CROSS", "JOIN") ? "CROSS" : _tokens.Takes("JOIN") || _tokens.Takes("INNER", "JOIN") ? "INNER" : null;
    }

    private FromItem ReadRelation()
    {
        RefuseOther();
        int at = _tokens.At;
        if (_tokens.SeesSymbol("("))
        {
            if (!(_tokens.Peek(1).IsWord("SELECT") || _tokens.Peek(1).IsWord("WITH") || _tokens.Peek(1).IsSymbol('(')))
            {
                _tokens.Fail("parentheses after FROM hold a query: write (SELECT … )");
            }

            Query query = ReadQueryInParentheses();
            (string? name, IReadOnlyList<string>? columns) = ReadAlias();
            return new DerivedTable(at, query, name, columns);
        }

        SqlToken word = _tokens.Peek();
        if (!word.IsName || Names.IsReserved(word))
        {
            _tokens.Fail($"{_tokens.Found()} where a relation is expected: write ref('layer.table') or a query in parentheses");
        }

        _tokens.Take();
        if (_tokens.SeesSymbol("("))
        {
            return ReadReference(word);
        }

        if (_tokens.SeesSymbol("."))
        {
            _tokens.Fail($"{word.Value}.{_tokens.Peek(1).Value} is not allowed after FROM: read tables by ref('{word.Value}.{_tokens.Peek(1).Value}')");
        }

        (string? alias, IReadOnlyList<string>? names) = ReadAlias();
        return new NamedRelation(at, word.Value, alias, names);
    }

    private LakeTable ReadReference(SqlToken word)
    {
        bool isSource = word.IsWord("source");
        if (!isSource && !word.IsWord("ref"))
        {
            throw new SyntaxException(word.Start, $"{word.Value}() is not allowed after FROM: read tables by ref()");
        }

        SqlToken table = _tokens.Peek(1);
        if (table.Kind != SqlTokenKind.Text || !_tokens.Peek(2).IsSymbol(')'))
        {
            throw new SyntaxException(word.Start, "write ref('layer.table') or source('bronze.table')");
        }

        _tokens.Take();
        _tokens.Take();
        _tokens.Take();
        (string? alias, IReadOnlyList<string>? columns) = ReadAlias();
        return new LakeTable(word.Start, table.Value, isSource, alias, columns);
    }

    private (string? Name, IReadOnlyList<string>? Columns) ReadAlias()
    {
        string? name = _tokens.Takes("AS") ? Names.Read(_tokens, "a relation's name after AS") : Names.ReadPlain(_tokens);
        return (name, name is null ? null : ReadColumnNames());
    }

    private List<string>? ReadColumnNames()
    {
        if (!_tokens.TakesSymbol("("))
        {
            return null;
        }

        List<string> names = [];
        do
        {
            names.Add(Names.Read(_tokens, "a column's name"));
        }
        while (_tokens.TakesSymbol(","));
        _tokens.RequireSymbol(")", "after the names of columns");
        return names;
    }

    private void RefuseOther()
    {
        if (_tokens.Peek() is { Kind: SqlTokenKind.Word } word && s_otherJoins.TryGetValue(word.Value, out string? remedy)
            && (word.IsWord("USING") || word.IsWord("OFFSET") || word.IsWord("NATURAL") || word.IsWord("LATERAL") || _tokens.Peek(1).IsWord("JOIN") || _tokens.Peek(1).IsSymbol('(') || word.IsWord("TABLESAMPLE")))
        {
            _tokens.Fail($"{word.Value.ToUpperInvariant()} is not allowed: {remedy}");
        }
    }
}
