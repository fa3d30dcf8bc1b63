using LakehouseLab.Cli.Shell;
using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;
using System.CommandLine;

namespace LakehouseLab.Cli.Settings;

/// <summary>Looks settings up: flag before environment before <c>lakelab.yaml</c>.</summary>
/// <param name="parsed">The command line; a setting whose flag the command lacks is not stated there.</param>
/// <param name="surroundings">Environment and working folder.</param>
internal sealed class SettingSources(ParseResult parsed, Surroundings surroundings)
{
    private readonly Lazy<SettingsFile?> _file = new(() => SettingsFile.Find(surroundings.Folder));

    /// <summary>The folder of the nearest <c>lakelab.yaml</c>; null when there is none.</summary>
    /// <exception cref="InvalidRequestException">The settings file is wrong.</exception>
    public string? ProjectFolder => Path.GetDirectoryName(_file.Value?.Path);

    /// <summary>The flag of a setting, if it was given.</summary>
    public Option? FindFlag(Setting setting)
    {
        foreach (Option option in parsed.CommandResult.Command.Options)
        {
            if (option is ISettingOption flag && flag.Setting == setting)
            {
                return parsed.GetResult(option) is null ? null : option;
            }
        }

        return null;
    }

    /// <summary>What was stated of a setting; null when nothing was, so that its default holds.</summary>
    /// <exception cref="InvalidRequestException">The settings file is wrong, or what was stated is not a value of the setting.</exception>
    public StatedValue? Find<T>(Setting<T> setting) =>
        FindFlag(setting) is SettingOption<T> flag ? parsed.GetValue(flag)
        : FindText(setting) is { } written ? new StatedValue(written.Read(setting.Parse), written.Origin)
        : null;

    /// <summary>A setting's value: what was stated, or else its default.</summary>
    /// <exception cref="InvalidRequestException">What was stated is not a value of the setting.</exception>
    public T Get<T>(Setting<T> setting) => Find(setting) is { } stated ? (T)stated.Value! : setting.Default;

    /// <summary>The world's settings: what was stated, or else what the lake's world has, or else the defaults.</summary>
    /// <param name="bound">The settings of the lake's world, or null.</param>
    /// <exception cref="InvalidRequestException">What was stated is not a value of its setting.</exception>
    public WorldSettings GetWorld(WorldSettings? bound)
    {
        WorldSettings otherwise = bound ?? new WorldSettings();
        T Of<T>(Setting<T> setting) => Find(setting) is { } stated ? (T)stated.Value! : setting.InWorld!(otherwise);
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

    private StatedText? FindText(Setting setting)
    {
        if (surroundings.Variable(setting.Variable) is { Length: > 0 } variable)
        {
            return new StatedText(variable, setting.Variable);
        }

        return _file.Value?.Find(setting) is { } written ? new StatedText(written, $"{setting.Key} in {_file.Value.Path}") : null;
    }
}
