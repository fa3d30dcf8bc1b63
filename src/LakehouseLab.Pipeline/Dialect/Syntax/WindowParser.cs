using System.Globalization;
using LakehouseLab.Pipeline.Sql;

namespace LakehouseLab.Pipeline.Dialect.Syntax;

/// <summary>Reads windows, their frames and orders.</summary>
/// <param name="tokens">What it reads.</param>
/// <param name="expressions">Reads the expressions within.</param>
internal sealed class WindowParser(Tokens tokens, ExpressionParser expressions)
{
    /// <summary>Reads what stands after a call: OVER with a window or its name; null when there is none.</summary>
    public Window? ReadOver()
    {
        if (tokens.Sees("IGNORE") || tokens.Sees("RESPECT"))
        {
            tokens.Fail("IGNORE NULLS is not allowed: engines differ in it");
        }

        if (!tokens.Takes("OVER"))
        {
            return null;
        }

        int at = tokens.At;
        return tokens.SeesSymbol("(") ? ReadWindow() : new Window(at, Names.Read(tokens, "a window"), [], [], null);
    }

    /// <summary>Reads a window in parentheses.</summary>
    public Window ReadWindow()
    {
        int at = tokens.At;
        tokens.RequireSymbol("(", "before a window");
        IReadOnlyList<Expression> partition = tokens.Takes("PARTITION", "BY") ? expressions.ReadAll() : [];
        IReadOnlyList<Ordering> order = ReadOrderBy();
        Frame? frame = tokens.Sees("ROWS") || tokens.Sees("RANGE") ? ReadFrame() : null;
        if (!tokens.SeesSymbol(")"))
        {
            tokens.Fail($"{tokens.Found()} in a window: write PARTITION BY …, then ORDER BY …, then ROWS or RANGE …");
        }

        tokens.TakesSymbol(")");
        return new Window(at, null, partition, order, frame);
    }

    /// <summary>Reads ORDER BY; empty when there is none.</summary>
    public List<Ordering> ReadOrderBy()
    {
        List<Ordering> order = [];
        if (!tokens.Takes("ORDER", "BY"))
        {
            return order;
        }

        do
        {
            Expression by = expressions.Read();
            if (by is Literal or ColumnName { Relation: null, Name: "ALL" or "all" })
            {
                throw new SyntaxException(by.At, "ORDER BY a number or ALL is not allowed: name the expressions");
            }

            bool descending = tokens.Takes("DESC");
            _ = descending || tokens.Takes("ASC");
            _ = tokens.Takes("NULLS", "FIRST") || tokens.Takes("NULLS", "LAST");
            order.Add(new Ordering(by, descending));
        }
        while (tokens.TakesSymbol(","));
        return order;
    }

    private Frame ReadFrame()
    {
        int at = tokens.At;
        bool isRange = tokens.Take().IsWord("RANGE");
        if (!tokens.Takes("BETWEEN"))
        {
            return new Frame(at, isRange, ReadBound(), 0);
        }

        long? from = ReadBound();
        tokens.Require("AND", "between the bounds of a window");
        return new Frame(at, isRange, from, ReadBound());
    }

    private long? ReadBound()
    {
        if (tokens.Takes("UNBOUNDED"))
        {
            _ = tokens.Takes("PRECEDING") || tokens.Takes("FOLLOWING");
            return null;
        }

        if (tokens.Takes("CURRENT", "ROW"))
        {
            return 0;
        }

        SqlToken number = tokens.Peek();
        if (number.Kind != SqlTokenKind.Number || !long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long distance))
        {
            tokens.Fail($"{tokens.Found()} where a bound of the window is expected: UNBOUNDED PRECEDING, CURRENT ROW, or a whole number with PRECEDING or FOLLOWING");
            return null;
        }

        tokens.Take();
        if (tokens.Takes("PRECEDING"))
        {
            return -distance;
        }

        tokens.Require("FOLLOWING", "or PRECEDING after the number of a bound");
        return distance;
    }
}
