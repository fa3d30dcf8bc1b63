namespace LakehouseLab.World.Settings;

/// <summary>Which release makes the worlds of which version. A program makes those of one version only: its rows are proof of that alone.</summary>
public static class WorldVersions
{
    /// <summary>Why this program does not make rows of a world, and what does.</summary>
    /// <param name="version">Any other than <see cref="WorldSettings.CurrentVersion"/>.</param>
    /// <returns>A clause that names both versions and, if it is known, the release.</returns>
    public static string WhyNot(int version)
    {
        string ours = $"this program makes version {WorldSettings.CurrentVersion}";
        return ReleaseOf(version) is { } release
            ? $"{ours}; lakelab {release} makes its rows and can audit them"
            : $"{ours}: use the program that made it";
    }

    private static string? ReleaseOf(int version) => version switch
    {
        1 => "0.1",
        _ => null,
    };
}
