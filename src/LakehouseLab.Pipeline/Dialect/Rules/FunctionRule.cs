using System.Globalization;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Dialect.Rules;

/// <summary>A function on which engines agree.</summary>
/// <param name="Name">Its name, which is Spark's.</param>
/// <param name="Kind">Where it can stand.</param>
/// <param name="Arguments">What it takes, for messages.</param>
/// <param name="TypeOf">Its type for some arguments; fails where engines differ.</param>
internal sealed record FunctionRule(string Name, FunctionKind Kind, string Arguments, Func<FunctionArguments, SqlType> TypeOf);

/// <summary>Where a function can stand.</summary>
internal enum FunctionKind
{
    /// <summary>It takes a row's values.</summary>
    Scalar,

    /// <summary>It takes the rows of a group or window.</summary>
    Aggregate,

    /// <summary>It takes the rows of a window, in their order.</summary>
    Window,
}

/// <summary>The arguments of a call.</summary>
internal sealed class FunctionArguments(FunctionRule rule, Call call, IReadOnlyList<SqlType> types)
{
    /// <summary>How many there are.</summary>
    public int Count => types.Count;

    /// <summary>Whether it is a call of <c>*</c>.</summary>
    public bool IsStar => call.IsStar;

    /// <summary>An argument's type.</summary>
    public SqlType this[int index] => types[index];

    /// <summary>Requires a number of arguments.</summary>
    public FunctionArguments Number(int least, int most) =>
        !call.IsStar && types.Count >= least && types.Count <= most ? this : throw Wrong();

    /// <summary>Requires that all arguments from one on are of some kinds, or NULL.</summary>
    public FunctionArguments Are(int from, int until, params SqlKind[] kinds)
    {
        for (int i = from; i < Math.Min(until, types.Count); i++)
        {
            if (!types[i].IsOpen && !kinds.Contains(types[i].Kind))
            {
                throw new TypeProblem($"{rule.Name}({rule.Arguments}): {types[i]} stands for argument {(i + 1).ToString(CultureInfo.InvariantCulture)}");
            }
        }

        return this;
    }

    /// <summary>The type that holds values of all arguments from one on.</summary>
    public SqlType Common(int from = 0)
    {
        SqlType common = new(SqlKind.Null);
        for (int i = from; i < types.Count; i++)
        {
            if (types[i].Kind is SqlKind.Ratio or SqlKind.Truncated)
            {
                throw new TypeProblem($"{rule.Name}() of {types[i]} is not allowed: CAST it first");
            }

            common = SqlType.Common(common, types[i]) ?? throw new TypeProblem($"{rule.Name}() of {common} and {types[i]} is not allowed: CAST them to one type");
        }

        return common;
    }

    /// <summary>A whole number that is written out, at least so large.</summary>
    public long Whole(int index, long least) =>
        call.Arguments[index] is Literal { Kind: LiteralKind.Number } literal
        && long.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= int.MaxValue
            ? value
            : throw new TypeProblem($"{rule.Name}({rule.Arguments}): engines agree on argument {index + 1} when it is a number that is written out, at least {least}");

    /// <summary>A text that is written out.</summary>
    public string Text(int index) =>
        call.Arguments[index] is Literal { Kind: LiteralKind.Text } literal
            ? literal.Text
            : throw new TypeProblem($"{rule.Name}({rule.Arguments}): argument {index + 1} must be a text that is written out");

    /// <summary>A refusal of the arguments.</summary>
    public TypeProblem Wrong() => new($"{call.Name} is called with {(call.IsStar ? "*" : types.Count == 1 ? "1 argument" : $"{types.Count} arguments")}: write {rule.Name}({rule.Arguments})");
}
