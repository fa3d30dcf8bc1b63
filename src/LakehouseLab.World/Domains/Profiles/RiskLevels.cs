using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>How customers are rated, from the lowest risk on.</summary>
internal static class RiskLevels
{
    /// <summary>The levels.</summary>
    public static IReadOnlyList<string> All { get; } = ["low", "medium", "high"];

    /// <summary>The levels, as columns hold them.</summary>
    public static Utf8Dictionary Texts { get; } = Utf8Dictionary.Of(All);
}
