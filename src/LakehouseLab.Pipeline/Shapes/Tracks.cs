using LakehouseLab.Pipeline.Dialect.Binding;
using LakehouseLab.Pipeline.Dialect.Syntax;

namespace LakehouseLab.Pipeline.Shapes;

/// <summary>What is known of a relation's columns.</summary>
internal sealed class Tracks
{
    private readonly Dictionary<Column, string> _tags = [];
    private readonly HashSet<Column> _seconds = [];
    private readonly Dictionary<Column, Lookback> _ages = [];
    private readonly Dictionary<Column, IReadOnlyList<Lookback>> _lookbacks = [];

    /// <summary>The days of input on which the relation's rows depend.</summary>
    public Horizon Horizon { get; set; } = Horizon.None;

    /// <summary>The tags of all columns.</summary>
    public IEnumerable<string> Tags => _tags.Values;

    /// <summary>What a column has of the input's key or time; null when it has nothing.</summary>
    public string? TagOf(Column? column) => column is null ? null : _tags.GetValueOrDefault(column);

    /// <summary>Whether a column counts the seconds of its row's time.</summary>
    public bool IsSeconds(Column? column) => column is not null && _seconds.Contains(column);

    /// <summary>How many rows a column's number of seconds looks back over; null when it is none.</summary>
    public Lookback? AgeOf(Column? column) => column is null ? null : _ages.GetValueOrDefault(column);

    /// <summary>The rows that a column looks back to, however long ago they were.</summary>
    public IReadOnlyList<Lookback> LookbacksOf(Column? column) => column is null ? [] : _lookbacks.GetValueOrDefault(column, []);

    /// <summary>Says what a column has.</summary>
    public void Put(Column column, string tag) => _tags[column] = tag;

    /// <summary>Says what a column is beyond its tag.</summary>
    public void Put(Column column, bool isSeconds, Lookback? age, IReadOnlyList<Lookback> lookbacks)
    {
        if (isSeconds)
        {
            _seconds.Add(column);
        }

        if (age is not null)
        {
            _ages[column] = age;
        }

        if (lookbacks.Count > 0)
        {
            _lookbacks[column] = [.. LookbacksOf(column), .. lookbacks];
        }
    }

    /// <summary>Takes over how far another relation's column looks back.</summary>
    public void Take(Column column, Tracks other, Column from) => Put(column, isSeconds: false, age: null, other.LookbacksOf(from));

    /// <summary>The same of other columns, one for one.</summary>
    public Tracks Mapped(IReadOnlyList<Column> from, IReadOnlyList<Column> to)
    {
        Tracks mapped = new() { Horizon = Horizon };
        foreach ((Column one, Column other) in from.Zip(to))
        {
            if (TagOf(one) is { } tag)
            {
                mapped.Put(other, tag);
            }

            mapped.Put(other, IsSeconds(one), AgeOf(one), LookbacksOf(one));
        }

        return mapped;
    }

    /// <summary>Both relations' columns.</summary>
    public Tracks With(Tracks other)
    {
        Tracks both = new() { Horizon = Horizon.With(other.Horizon) };
        foreach (Tracks one in (Tracks[])[this, other])
        {
            one._tags.ToList().ForEach(pair => both._tags.Add(pair.Key, pair.Value));
            both._seconds.UnionWith(one._seconds);
            one._ages.ToList().ForEach(pair => both._ages.Add(pair.Key, pair.Value));
            one._lookbacks.ToList().ForEach(pair => both._lookbacks.Add(pair.Key, pair.Value));
        }

        return both;
    }

    /// <summary>The same with one tag for all columns that have any, of which nothing finer is known.</summary>
    public Tracks WithTag(string tag)
    {
        Tracks other = WithoutTags();
        _tags.Keys.ToList().ForEach(column => other.Put(column, tag));
        return other;
    }

    /// <summary>The same for rows that may have no values, so that nothing follows from them.</summary>
    public Tracks WithoutTags()
    {
        Tracks without = new() { Horizon = Horizon };
        _lookbacks.ToList().ForEach(pair => without._lookbacks.Add(pair.Key, pair.Value));
        return without;
    }
}

/// <summary>The days of input on which rows depend.</summary>
/// <param name="Days">How many days before the beginning of their period, at most.</param>
/// <param name="MixesDays">Whether they depend on more days of their month than their own and those before it.</param>
internal sealed record Horizon(long Days, bool MixesDays)
{
    /// <summary>Rows that follow from input of their own day.</summary>
    public static Horizon None { get; } = new(0, MixesDays: false);

    /// <summary>That of rows that are made of both.</summary>
    public Horizon With(Horizon other) => new(Math.Max(Days, other.Days), MixesDays || other.MixesDays);

    /// <summary>That of rows that look back over these.</summary>
    public Horizon Then(Horizon next) => new(Days + next.Days, MixesDays || next.MixesDays);

    /// <summary>The same of rows that were put together.</summary>
    public Horizon Mixing(bool mixesDays) => new(Days, MixesDays || mixesDays);
}

/// <summary>A row so many places before, in the order of a window.</summary>
internal sealed record Lookback(Window Window, long Rows);
