using System.Globalization;
using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Rules;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>
/// Proves that rows of a month, or of a day, follow from input of that period and so many days before it, which is what replacing the
/// period needs. A window may look back further than its period only as far as the reach says: by RANGE over days, or by rows (lag)
/// where the query itself leaves out what was longer ago.
/// </summary>
internal sealed class TimeProof : LocalityProof
{
    // What a column can have of the row's time: the time itself (with the number of its table), its day, its month's first day, or any
    // day or time of its period.
    private const string Exact = "time ";
    private const string Day = "day";
    private const string Month = "month";
    private const string Within = "within";
    private const long SecondsPerDay = 86_400;

    private readonly Period _period;
    private readonly Func<string, IReadOnlyList<string>?> _timesOf;
    private readonly int _reach;
    private int _tables;

    private TimeProof(BoundQuery query, Period period, Func<string, IReadOnlyList<string>?> timesOf, int reach)
        : base(query)
    {
        _period = period;
        _timesOf = timesOf;
        _reach = reach;
    }

    /// <inheritdoc/>
    protected override string What => _period == Period.Month ? "months" : "days";

    /// <summary>Proves it of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="period">The period.</param>
    /// <param name="time">Name of the column that tells a row's period.</param>
    /// <param name="timesOf">Gives the columns of a table by which its rows are restricted to days, and after it that of its months; null for a table that has none.</param>
    /// <param name="reach">Days before, on which a row may depend.</param>
    /// <exception cref="NotLocal">It is not so.</exception>
    public static void Prove(BoundQuery query, Period period, string time, Func<string, IReadOnlyList<string>?> timesOf, int reach)
    {
        Relation result = query.Result!;
        TimeProof proof = new(query, period, timesOf, reach);
        proof.RefuseSubqueries();
        Tracks tracks = proof.Follow(result) ?? throw new NotLocal("no table that it reads has an event_time");
        if (tracks.TagOf(result.Columns.First(column => string.Equals(column.Name, time, StringComparison.OrdinalIgnoreCase))) is null)
        {
            throw new NotLocal($"{time} is not made of the event_time of what it reads");
        }

        if (result.Columns.FirstOrDefault(column => tracks.LookbacksOf(column).Count > 0) is { } column)
        {
            throw new NotLocal($"{column.Name} looks back over rows, however long ago they were: leave out what was more than {reach * SecondsPerDay} seconds ago");
        }
    }

    /// <inheritdoc/>
    protected override Tracks? Begin(TableRelation table)
    {
        if (_timesOf(table.Table) is not { } times)
        {
            return null;
        }

        Tracks tracks = new();
        _tables++;
        foreach (Column column in table.Columns)
        {
            if (column.Name == times[0])
            {
                tracks.Put(column, column.Type.Kind == SqlKind.Date ? Day : string.Create(CultureInfo.InvariantCulture, $"{Exact}{_tables}"));
            }
            else if (_period == Period.Month && times.Contains(column.Name))
            {
                tracks.Put(column, Within);
            }
        }

        return tracks;
    }

    /// <inheritdoc/>
    protected override string? TagOf(Expression expression, Tracks input) => Query.Resolve(expression) switch
    {
        Cast { Type: "DATE" } cast => DayOf(TagOf(cast.Operand, input)),
        Cast { Type: "TIMESTAMP" } cast => TagOf(cast.Operand, input),
        Call { Over: null, Arguments: [{ } time] } call when Is(call, "to_date") => DayOf(TagOf(time, input)),
        Call { Over: null, Arguments: [{ } time] } call when Is(call, "last_day") => OfMonth(TagOf(time, input), Within),
        Call { Over: null, Arguments: [Literal { Text: var unit }, { } time] } call when Is(call, "date_trunc") && string.Equals(unit, "MONTH", StringComparison.OrdinalIgnoreCase) => OfMonth(TagOf(time, input), Month),
        { } other => input.TagOf(Query.ColumnOf(other)),
    };

    /// <inheritdoc/>
    protected override bool Covers(IEnumerable<string> tags) => tags.Any();

    /// <inheritdoc/>
    protected override string Both(string tag, string other) => tag == other ? tag : Within;

    /// <inheritdoc/>
    protected override Tracks Beside(Tracks joined) => joined.WithTag(Within);

    /// <inheritdoc/>
    /// <remarks>Rows that agree in their day, or in a time, are of one day; others are of one month at best.</remarks>
    protected override bool MixesDays(IEnumerable<string> tags) => _period == Period.Month && !tags.Any(static tag => tag == Day || IsExact(tag));

    /// <inheritdoc/>
    protected override Horizon Examine(Call call, Window window, Tracks input)
    {
        Expression? by = window.OrderBy is [{ Descending: false, By: { } first }, ..] ? first : null;
        string? day = by is not null && window.OrderBy.Count == 1 && Query.Resolve(by) is Call { Arguments: [{ } of] } days && Is(days, "unix_date") ? TagOf(of, input) : null;
        if (day is Day or Month && window.Frame is { IsRange: true, From: <= 0 and { } from, To: <= 0 })
        {
            RefuseFurther(-from, input, isOfDays: day == Day);
            return new Horizon(-from, MixesDays: day == Month);
        }

        if (!IsLag(call) || by is null || !IsExact(TagOf(by, input)))
        {
            throw new NotLocal($"a window goes over rows of several {What}: order it by unix_date(day) with RANGE BETWEEN … PRECEDING, or partition it by the month");
        }

        // What is not left out within the reach is refused at the end.
        RefuseFurther(_reach, input, isOfDays: true);
        return new Horizon(_reach, MixesDays: false);
    }

    /// <inheritdoc/>
    protected override void Examine(SelectRelation select, Tracks input, Tracks output)
    {
        IEnumerable<Expression> conditions = new[] { select.Select.Where, select.Select.Having, select.Select.Qualify }.OfType<Expression>();
        IEnumerable<Expression> windows = select.Items.SelectMany(static item => Shape.AllOf(item.Value)).OfType<Call>().Where(static call => call.Over is not null)
            .SelectMany(call => Shape.PartsOf(Query.WindowOf(call.Over!)).Concat(call.Arguments));
        if (conditions.Concat(select.Select.GroupBy).Concat(windows).Any(expression => LookbacksOf(expression, input).Count > 0)
            || (select.IsGrouped && select.Items.Any(item => LookbacksOf(item.Value, input).Count > 0)))
        {
            throw new NotLocal("rows are chosen, grouped or ordered by values that look back over rows, however long ago they were");
        }

        foreach ((Column column, Expression value) in select.Items)
        {
            output.Put(column, IsSeconds(value, input), AgeOf(value, input), LookbacksOf(value, input));
        }
    }

    /// <inheritdoc/>
    protected override void ExamineJoin(JoinRelation join, Tracks input)
    {
        if (join.On is not null && LookbacksOf(join.On, input).Count > 0)
        {
            throw new NotLocal("rows are joined by values that look back over rows, however long ago they were");
        }
    }

    private static bool Is(Call call, string name) => string.Equals(call.Name, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsLag(Call call) => Is(call, "lag");

    private static bool IsExact(string? tag) => tag?.StartsWith(Exact, StringComparison.Ordinal) == true;

    // Rows that themselves look back, or depend on all days of their month, would bring in what is further away than the window looks.
    private void RefuseFurther(long days, Tracks input, bool isOfDays)
    {
        if (days > _reach)
        {
            throw new NotLocal(string.Create(CultureInfo.InvariantCulture, $"a window looks back {days} days and reach is {_reach}"));
        }

        if (days > 0 && days + input.Horizon.Days > _reach)
        {
            throw new NotLocal(string.Create(CultureInfo.InvariantCulture, $"a window looks back {days} days over rows that look back {input.Horizon.Days}, and reach is {_reach}"));
        }

        if (days > 0 && isOfDays && input.Horizon.MixesDays)
        {
            throw new NotLocal("a window looks back over rows that depend on all days of their month");
        }
    }

    private string? OfMonth(string? tag, string made) => tag is null || _period != Period.Month ? null : made;

    private static string? DayOf(string? tag) => IsExact(tag) ? Day : tag;

    private static long RowsOf(Call lag) =>
        lag.Arguments is [_, Literal { Text: var rows }] ? long.Parse(rows, CultureInfo.InvariantCulture) : 1;

    private bool IsSeconds(Expression expression, Tracks input) => Query.Resolve(expression) switch
    {
        Call { Over: null, Arguments: [{ } time] } call when Is(call, "unix_seconds") => IsExact(TagOf(time, input)),
        { } other => input.IsSeconds(Query.ColumnOf(other)),
    };

    // seconds - lag(seconds, n) OVER w
    private Lookback? AgeOf(Expression expression, Tracks input) => Query.Resolve(expression) switch
    {
        Binary { Operator: "-", Right: Call { Over: { } over, Arguments: [{ } before, ..] } lag } difference
            when IsLag(lag) && IsSeconds(difference.Left, input) && Query.AreSame(difference.Left, before) => new Lookback(Query.WindowOf(over), RowsOf(lag)),
        { } other => input.AgeOf(Query.ColumnOf(other)),
    };

    private IReadOnlyList<Lookback> LookbacksOf(Expression expression, Tracks input)
    {
        expression = Query.Resolve(expression);
        switch (expression)
        {
            case ColumnName:
                return input.LookbacksOf(Query.ColumnOf(expression));
            case Call { Over: { } over } call when IsLag(call) && Query.WindowOf(over) is var window && !window.PartitionBy.Any(part => TagOf(part, input) is not null):
                return [new Lookback(window, RowsOf(call))];
            case Case { Operand: null } choice:
                return [.. choice.Branches.SelectMany(branch => LookbacksOf(branch.When, branch.Then, input)), .. choice.Otherwise is null ? [] : LookbacksOf(choice.Otherwise, input)];
            default:
                return [.. Shape.PartsOf(expression).SelectMany(part => LookbacksOf(part, input))];
        }
    }

    // WHEN age <= seconds leaves out what was longer ago, so that as many rows before, or fewer, may be looked at behind it.
    private IEnumerable<Lookback> LookbacksOf(Expression when, Expression then, Tracks input)
    {
        Lookback? bounded = when is Binary { Operator: "<=" or "<", Right: Literal { Kind: LiteralKind.Number, Text: var text } } bound
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= _reach * SecondsPerDay
            ? AgeOf(bound.Left, input)
            : null;
        IEnumerable<Lookback> ofThen = LookbacksOf(then, input);
        return bounded is null
            ? LookbacksOf(when, input).Concat(ofThen)
            : ofThen.Where(lookback => lookback.Rows > bounded.Rows || !AreSame(lookback.Window, bounded.Window));
    }

    private bool AreSame(Window one, Window other) =>
        ReferenceEquals(one, other)
        || (one.PartitionBy.Count == other.PartitionBy.Count && one.OrderBy.Count == other.OrderBy.Count
            && Shape.PartsOf(one).Zip(Shape.PartsOf(other)).All(pair => Query.AreSame(pair.First, pair.Second)));
}

/// <summary>What a batch can replace.</summary>
internal enum Period
{
    /// <summary>Months.</summary>
    Month,

    /// <summary>Days.</summary>
    Day,
}
