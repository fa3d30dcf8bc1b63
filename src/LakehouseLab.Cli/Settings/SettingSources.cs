using LakehouseLab.World;

namespace LakehouseLab.Cli.Settings;

/// <summary>Where a stated value comes from.</summary>
/// <param name="Text">The value as it was written.</param>
/// <param name="Origin">The flag, variable or file, as a user knows it.</param>
internal sealed record StatedValue(string Text, string Origin);

/// <summary>Looks settings up: flag before environment before <c>lakelab.yaml</c>.</summary>
/// <param name="flag">Gives the value of a setting's flag, or null when it was not given.</param>
/// <param name="surroundings">Environment and working folder.</param>
internal sealed class SettingSources(Func<Setting, string?> flag, Surroundings surroundings)
{
    private readonly Lazy<SettingsFile?> _file = new(() => SettingsFile.Find(surroundings.Folder));

    /// <summary>What was stated of a setting; null when nothing was, so that its default holds.</summary>
    /// <exception cref="InvalidRequestException">The settings file is wrong.</exception>
    public StatedValue? Find(Setting setting)
    {
        if (flag(setting) is { } given)
        {
            return new StatedValue(given, setting.Flag);
        }

        if (surroundings.Variable(setting.Variable) is { Length: > 0 } variable)
        {
            return new StatedValue(variable, setting.Variable);
        }

        return _file.Value?.Find(setting) is { } written ? new StatedValue(written, $"{setting.Key} in {_file.Value.Path}") : null;
    }

    /// <summary>A setting's value: what was stated, or else its default.</summary>
    /// <exception cref="InvalidRequestException">What was stated is no value of the setting.</exception>
    public T Get<T>(Setting<T> setting) => Get(setting, setting.Default);

    /// <summary>The world's settings: what was stated, or else what the lake's world has, or else the defaults.</summary>
    /// <param name="bound">The settings of the lake's world, or null.</param>
    /// <exception cref="InvalidRequestException">What was stated is no value of its setting.</exception>
    public WorldSettings GetWorld(WorldSettings? bound)
    {
        WorldSettings otherwise = bound ?? new WorldSettings();
        T Of<T>(Setting<T> setting) => Get(setting, setting.InWorld!(otherwise));
        return new WorldSettings
        {
            Seed = Of(KnownSettings.Seed),
            Users = Of(KnownSettings.Users),
            Start = Of(KnownSettings.Start),
            PaymentsPerMonth = Of(KnownSettings.PaymentsPerMonth),
            FraudRate = Of(KnownSettings.FraudRate),
            FraudMix = Of(KnownSettings.FraudMix),
            Trips = Of(KnownSettings.Trips),
        };
    }

    /// <summary>Reads a text, naming where it stands when it is wrong.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="origin">The flag, variable or file.</param>
    /// <param name="parse">Reads it, or throws with a message that begins with "is no" or "is none".</param>
    public static T Read<T>(string text, string origin, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (InvalidRequestException refusal)
        {
            throw new InvalidRequestException($"{origin}: '{text}' {refusal.Message}", refusal);
        }
    }

    private T Get<T>(Setting<T> setting, T otherwise) =>
        Find(setting) is { } stated ? Read(stated.Text, stated.Origin, setting.Parse) : otherwise;
}
