using LakehouseLab.World.Requests;

namespace LakehouseLab.World.Settings;

/// <summary>All that a world is a function of. Two worlds with equal settings are the same world, byte for byte.</summary>
public sealed record WorldSettings
{
    /// <summary>Version of the algorithm: raised by every change that changes a byte of a record.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The fewest people a world can have.</summary>
    public const int MinUsers = 100;

    /// <summary>The most people a world can have.</summary>
    public const int MaxUsers = 100_000_000;

    /// <summary>The largest fraud rate: above it the episodes would leave no ordinary life to hide in.</summary>
    public const double MaxFraudRate = 0.05;

    /// <summary>The earliest start.</summary>
    public static DateTimeOffset MinStart { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The latest start.</summary>
    public static DateTimeOffset MaxStart { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Version of the algorithm that made or shall make the world.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The seed of every draw.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>How many people there are; user_id is 1 to this.</summary>
    public int Users { get; init; } = 10_000;

    /// <summary>When the world begins: the earliest instant of a record that is not a first profile. Whole milliseconds, UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Mean payments per person in 30 days.</summary>
    public int PaymentsPerMonth { get; init; } = 40;

    /// <summary>Share of fraudulent rows among transactions, 0 to <see cref="MaxFraudRate"/>.</summary>
    public double FraudRate { get; init; } = 0.003;

    /// <summary>Shares of the rules among frauds.</summary>
    public FraudMix FraudMix { get; init; } = FraudMix.Default;

    /// <summary>Whether people travel.</summary>
    public bool Trips { get; init; } = true;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidRequestException">Settings are out of bounds; all of them are named.</exception>
    public void Validate()
    {
        List<string> problems = [];
        if (Version != CurrentVersion)
        {
            problems.Add($"world version {Version}: this program makes version {CurrentVersion} only");
        }

        if (Users is < MinUsers or > MaxUsers)
        {
            problems.Add($"users {Users}: allowed are {MinUsers} to {MaxUsers}");
        }

        if (Start < MinStart || Start > MaxStart || Start.Offset != TimeSpan.Zero || Start.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            problems.Add($"start {Start:O}: allowed are {MinStart:yyyy-MM-dd} to {MaxStart:yyyy-MM-dd}, UTC, whole milliseconds");
        }

        if (PaymentsPerMonth is < 1 or > 1000)
        {
            problems.Add($"payments per month {PaymentsPerMonth}: allowed are 1 to 1000");
        }

        if (FraudRate is not (>= 0 and <= MaxFraudRate))
        {
            problems.Add($"fraud rate {FraudRate}: allowed are 0 to {MaxFraudRate}");
        }

        if (problems.Count > 0)
        {
            throw new InvalidRequestException(string.Join("; ", problems));
        }

        FraudMix.Validate();
    }
}
