using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Binding;

/// <summary>Resolves the names and types of expressions, and holds them against the rules of the dialect.</summary>
/// <param name="bound">Takes what is found.</param>
/// <param name="bind">Resolves a query within an expression, given the names around it.</param>
internal sealed class ExpressionBinder(BoundQuery bound, Func<Query, Scope?, Relation?> bind)
{
    private static readonly SqlType s_unknown = new(SqlKind.Unknown);
    private static readonly SqlType s_boolean = new(SqlKind.Boolean);

    private readonly Dictionary<string, Window> _windows = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names around a query in an expression: they cannot be used, and are told apart from names that do not exist.</summary>
    public Scope? Outer { get; set; }

    /// <summary>The columns of the SELECT, which some places may name.</summary>
    public IReadOnlyList<(Column Column, Expression Value)> Given { get; set; } = [];

    /// <summary>Declares a window of a name.</summary>
    public void Declare(string name, Window window) => _windows[name] = window;

    /// <summary>Ends a SELECT.</summary>
    public void ForgetWindows() => _windows.Clear();

    /// <summary>Resolves a condition.</summary>
    public void BindCondition(Expression condition, Scope scope, ExpressionPlace place, string clause)
    {
        SqlType type = Bind(condition, scope, place);
        if (!type.IsOpen && type.Kind != SqlKind.Boolean)
        {
            bound.Fail(condition.At, $"{clause} takes a condition, and {type} stands there");
        }
    }

    /// <summary>Resolves an expression.</summary>
    public SqlType Bind(Expression expression, Scope scope, ExpressionPlace place)
    {
        SqlType type;
        try
        {
            type = TypeOf(expression, scope, place);
        }
        catch (TypeProblem problem)
        {
            bound.Fail(expression.At, problem.Message);
            type = s_unknown;
        }

        return bound.Put(expression, type);
    }

    private SqlType TypeOf(Expression expression, Scope scope, ExpressionPlace place)
    {
        switch (expression)
        {
            case Literal literal:
                return TypeOf(literal);
            case ColumnName name:
                return BindName(name, scope, place);
            case Unary { Operator: "NOT" } unary:
                return Require(Bind(unary.Operand, scope, place), SqlKind.Boolean, "NOT takes a condition");
            case Unary unary:
                SqlType number = Bind(unary.Operand, scope, place);
                return number.IsOpen || (number.IsNumber && number.Kind != SqlKind.Wide) ? number : throw new TypeProblem($"- takes a number, and {number} stands there");
            case Binary { Operator: "/" } ratio:
                Bind(ratio.Left, scope, place);
                Bind(ratio.Right, scope, place);
                RefuseZero(ratio.Right);
                return OperatorRules.TypeOf("/", bound.TypeOf(ratio.Left), bound.TypeOf(ratio.Right));
            case Binary binary:
                return BindBinary(binary, scope, place);
            case IsTest test:
                SqlType tested = Bind(test.Operand, scope, place);
                return test.What == "NULL" ? s_boolean : Require(tested, SqlKind.Boolean, $"IS {test.What} takes a condition");
            case Between between:
                Compare(Bind(between.Operand, scope, place), Bind(between.Low, scope, place), Bind(between.High, scope, place));
                return s_boolean;
            case Like like:
                Require(Bind(like.Operand, scope, place), SqlKind.Text, "LIKE takes a text");
                Bind(like.Pattern, scope, place);
                return like.Pattern is Literal { Kind: LiteralKind.Text } ? s_boolean : throw new TypeProblem("LIKE takes a pattern that is written out");
            case InList list:
                Compare(Bind(list.Operand, scope, place), [.. list.Values.Select(value => Bind(value, scope, place))]);
                return s_boolean;
            case Subquery query:
                return BindQuery(query, scope, place);
            case Case choice:
                return BindCase(choice, scope, place);
            case Cast cast:
                return BindCast(cast, scope, place);
            case Call call:
                return BindCall(call, scope, place);
            default:
                return s_unknown;
        }
    }

    private static SqlType TypeOf(Literal literal) => literal.Kind switch
    {
        LiteralKind.Null => new SqlType(SqlKind.Null),
        LiteralKind.Boolean => s_boolean,
        LiteralKind.Text => new SqlType(SqlKind.Text),
        LiteralKind.Date => new SqlType(SqlKind.Date),
        LiteralKind.Timestamp => new SqlType(SqlKind.Timestamp),
        _ => TypeOfNumber(literal.Text),
    };

    private static SqlType TypeOfNumber(string text)
    {
        if (text.IndexOf('.', StringComparison.Ordinal) is var point and > 0)
        {
            int scale = text.Length - point - 1;
            int whole = text[..point].TrimStart('0').Length;
            return whole + scale <= SqlType.MaxPrecision ? new SqlType(SqlKind.Decimal, Math.Max(1, whole + scale), scale) : throw new TypeProblem($"{text} has more than {SqlType.MaxPrecision} digits");
        }

        return int.TryParse(text, out _) ? new SqlType(SqlKind.Int)
            : long.TryParse(text, out _) ? new SqlType(SqlKind.BigInt)
            : throw new TypeProblem($"{text} is beyond BIGINT: write it with a point, or smaller");
    }

    private SqlType BindName(ColumnName name, Scope scope, ExpressionPlace place)
    {
        IReadOnlyList<Column> found = scope.Find(name.Relation, name.Name);
        if (found.Count == 1)
        {
            bound.Put(name, found[0]);
            return found[0].Type;
        }

        string written = name.Relation is null ? name.Name : $"{name.Relation}.{name.Name}";
        if (found.Count > 1)
        {
            throw new TypeProblem($"{written} is a column of several relations: write the relation's name before it");
        }

        bool mayNameGiven = name.Relation is null && place is ExpressionPlace.Group or ExpressionPlace.Having or ExpressionPlace.Item;
        if (mayNameGiven && Given.FirstOrDefault(item => string.Equals(item.Column.Name, name.Name, StringComparison.OrdinalIgnoreCase)) is { Value: { } value })
        {
            bound.Put(name, value);
            return bound.TypeOf(value);
        }

        throw new TypeProblem(Outer?.Find(name.Relation, name.Name).Count > 0
            ? $"{written} is a column of the query around it: write a JOIN"
            : place == ExpressionPlace.Order ? $"ORDER BY {written}: the query gives no such column: give it, or order in a query around it"
            : $"there is no column {written} here{(scope.Columns.Any() ? $": there are {string.Join(", ", scope.Columns.Select(static column => column.Name).Distinct(StringComparer.OrdinalIgnoreCase))}" : "")}");
    }

    private SqlType BindBinary(Binary binary, Scope scope, ExpressionPlace place)
    {
        SqlType left = Bind(binary.Left, scope, place);
        SqlType right = Bind(binary.Right, scope, place);
        if (binary.Operator == "%")
        {
            RefuseZero(binary.Right);
        }

        return OperatorRules.TypeOf(binary.Operator, left, right);
    }

    // By zero one engine fails and the other gives NULL.
    private static void RefuseZero(Expression divisor)
    {
        bool isSafe = divisor is Call call && string.Equals(call.Name, "nullif", StringComparison.OrdinalIgnoreCase) && call.Arguments is [_, Literal { Kind: LiteralKind.Number, Text: "0" }]
            || (divisor is Unary { Operator: "-", Operand: { } positive } ? positive : divisor) is Literal { Kind: LiteralKind.Number } literal && literal.Text.Any(static digit => digit is >= '1' and <= '9');
        if (!isSafe)
        {
            throw new TypeProblem("dividing by what may be 0 is not allowed, since one engine fails and the other gives NULL: write nullif(value, 0) for the divisor");
        }
    }

    private static SqlType Require(SqlType type, SqlKind kind, string rule) =>
        type.IsOpen || type.Kind == kind ? s_boolean : throw new TypeProblem($"{rule}, and {type} stands there");

    private static void Compare(SqlType operand, params IReadOnlyList<SqlType> others)
    {
        foreach (SqlType other in others)
        {
            if (!OperatorRules.Comparable(operand, other))
            {
                throw new TypeProblem($"{operand} and {other} are not compared alike by engines: CAST one to the other's type");
            }
        }
    }

    private SqlType BindQuery(Subquery query, Scope scope, ExpressionPlace place)
    {
        SqlType operand = query.Operand is null ? s_unknown : Bind(query.Operand, scope, place);
        Scope? outer = Outer;
        IReadOnlyList<(Column, Expression)> given = Given;
        Dictionary<string, Window> windows = new(_windows);
        Given = [];
        Relation? relation = bind(query.Query, scope);
        (Outer, Given) = (outer, given);
        foreach ((string name, Window window) in windows)
        {
            Declare(name, window);
        }

        if (relation is null)
        {
            return s_unknown;
        }

        bound.Subqueries.Add((query, relation));
        if (query.IsExistence)
        {
            return s_boolean;
        }

        if (relation.Columns.Count != 1)
        {
            throw new TypeProblem($"a query in an expression gives one column, and this one gives {relation.Columns.Count}");
        }

        if (query.Operand is null)
        {
            return relation.Columns[0].Type;
        }

        Compare(operand, relation.Columns[0].Type);
        return s_boolean;
    }

    private SqlType BindCase(Case choice, Scope scope, ExpressionPlace place)
    {
        SqlType? operand = choice.Operand is null ? null : Bind(choice.Operand, scope, place);
        SqlType result = new(SqlKind.Null);
        List<Expression> results = [];
        foreach ((Expression when, Expression then) in choice.Branches)
        {
            SqlType condition = Bind(when, scope, place);
            if (operand is { } compared)
            {
                Compare(compared, condition);
            }
            else
            {
                Require(condition, SqlKind.Boolean, "WHEN takes a condition");
            }

            results.Add(then);
        }

        foreach (Expression value in choice.Otherwise is null ? results : results.Append(choice.Otherwise))
        {
            SqlType type = Bind(value, scope, place);
            result = type.Kind is SqlKind.Ratio or SqlKind.Truncated ? throw new TypeProblem($"CASE gives {type}: CAST it first")
                : SqlType.Common(result, type) ?? throw new TypeProblem($"CASE gives {result} and {type}: CAST them to one type");
        }

        return result;
    }

    private SqlType BindCast(Cast cast, Scope scope, ExpressionPlace place)
    {
        SqlType from = Bind(cast.Operand, scope, place);
        if (SqlType.TryParse(cast.Type) is not { } to)
        {
            bound.Fail(cast.TypeAt, $"{cast.Type} is not a type of the dialect: allowed are {SqlType.Names}");
            return s_unknown;
        }

        if (from.Kind == SqlKind.Ratio && to.IsWhole && IsExact(cast.Operand))
        {
            return to;
        }

        return CastRules.FindProblem(from, to) is { } problem ? throw new TypeProblem(problem) : to;
    }

    // (a - a % b) / b
    private bool IsExact(Expression ratio) =>
        ratio is Binary { Operator: "/", Left: Binary { Operator: "-", Right: Binary { Operator: "%" } rest } difference } division
        && bound.AreSame(difference.Left, rest.Left) && bound.AreSame(division.Right, rest.Right);

    private SqlType BindCall(Call call, Scope scope, ExpressionPlace place)
    {
        FunctionRule? rule = FunctionRules.Find(call.Name);
        bool isOverRows = rule?.Kind is FunctionKind.Aggregate or FunctionKind.Window;
        ExpressionPlace within = isOverRows && call.Over is null ? ExpressionPlace.Row : place;
        IReadOnlyList<SqlType> types = [.. call.Arguments.Select(argument => Bind(argument, scope, within))];
        if (call.Filter is not null)
        {
            BindCondition(call.Filter, scope, within, "FILTER");
        }

        if (call.Over is not null)
        {
            BindWindow(call, rule, scope, place);
        }

        if (rule is null)
        {
            throw new TypeProblem(OtherFunctions.Find(call.Name) is { } remedy ? $"{call.Name}() is not allowed: {remedy}" : $"{call.Name}() is not a function of the dialect: docs/models.md lists those on which engines agree");
        }

        RefusePlace(call, rule, place);
        return types.Any(static type => type.Kind == SqlKind.Unknown) ? s_unknown : rule.TypeOf(new FunctionArguments(rule, call, types));
    }

    private static void RefusePlace(Call call, FunctionRule rule, ExpressionPlace place)
    {
        if (rule.Kind != FunctionKind.Aggregate && (call.IsDistinct || call.Filter is not null))
        {
            throw new TypeProblem($"{call.Name}() takes neither DISTINCT nor FILTER");
        }

        if (call.IsDistinct && rule.Name is not ("count" or "sum"))
        {
            throw new TypeProblem($"{call.Name}(DISTINCT …) is the same without DISTINCT: leave it out");
        }

        if (call.IsDistinct && call.Over is not null)
        {
            throw new TypeProblem($"{call.Name}(DISTINCT …) over a window is not allowed: group in a query of its own");
        }

        if (rule.Kind == FunctionKind.Window && call.Over is null)
        {
            throw new TypeProblem($"{call.Name}() needs OVER (PARTITION BY … ORDER BY …)");
        }

        if (call.Over is not null && rule.Kind == FunctionKind.Scalar)
        {
            throw new TypeProblem($"{call.Name}() takes no window");
        }

        if ((call.Over is not null && place != ExpressionPlace.Item) || (call.Over is null && rule.Kind == FunctionKind.Aggregate && place is ExpressionPlace.Row or ExpressionPlace.Group))
        {
            throw new TypeProblem($"{call.Name}() of several rows stands where one row counts: compute it in a query of its own");
        }
    }

    private void BindWindow(Call call, FunctionRule? rule, Scope scope, ExpressionPlace place)
    {
        Window window = call.Over!;
        if (window.Name is { } name)
        {
            if (!_windows.TryGetValue(name, out Window? declared))
            {
                bound.Fail(window.At, $"there is no window {name}: write WINDOW {name} AS (…) at the end of the SELECT");
                return;
            }

            bound.Put(window, declared);
            window = declared;
        }

        foreach (Expression part in Shape.PartsOf(window))
        {
            if (bound.TypeOf(part).Kind == SqlKind.Unknown)
            {
                Bind(part, scope, place);
            }
        }

        if (rule?.Kind == FunctionKind.Window && window.OrderBy.Count == 0)
        {
            bound.Fail(window.At, $"{call.Name}() needs an order: write ORDER BY in its window");
        }

        if (rule?.Name is "row_number" or "rank" or "dense_rank" or "lag" or "lead" && window.Frame is not null)
        {
            bound.Fail(window.Frame.At, $"{call.Name}() takes no frame: leave out ROWS or RANGE");
        }

        bool isCounted = window.Frame is { IsRange: true } frame && (frame.From is not (null or 0) || frame.To is not (null or 0));
        if (isCounted && !(window.OrderBy is [{ By: { } by }] && bound.TypeOf(by).IsWhole))
        {
            bound.Fail(window.Frame!.At, "RANGE with numbers needs an order by one whole number, such as unix_date(day)");
        }
    }
}
