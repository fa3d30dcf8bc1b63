namespace LakehouseLab.Bench;

/// <summary>Whether more or less is better.</summary>
internal enum Better
{
    More,
    Less,
}

/// <summary>A measured figure.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The median; null when it could not be measured here.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Must">What it must reach; null where it is only published.</param>
/// <param name="Goal">What it should reach; null as well then.</param>
/// <param name="Better">Whether more or less is better.</param>
internal sealed record Figure(string What, double? Value, string Unit, double? Must, double? Goal, Better Better)
{
    /// <summary>How it stands.</summary>
    public string Verdict => Value is not { } value ? "not measured here"
        : Must is not { } must || Goal is not { } goal ? "published"
        : Reaches(value, goal) ? "goal"
        : Reaches(value, must) ? "must"
        : "SHORT";

    private bool Reaches(double value, double bound) => Better == Better.More ? value >= bound : value <= bound;
}
