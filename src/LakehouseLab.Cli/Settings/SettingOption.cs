using LakehouseLab.Cli.Options;

namespace LakehouseLab.Cli.Settings;

/// <summary>The flag of a setting.</summary>
internal interface ISettingOption
{
    /// <summary>The setting.</summary>
    Setting Setting { get; }
}

/// <summary>The flag of a setting with values of a type.</summary>
internal sealed class SettingOption<T> : ValueOption<T>, ISettingOption
{
    /// <summary>Declares the flag of a setting.</summary>
    public SettingOption(Setting<T> setting)
        : base(setting.Flag, setting.ValueName, $"{setting.Description} [{setting.DefaultText}]", setting.Parse)
    {
        Setting = setting;
        if (setting.Offers is { } offers)
        {
            this.Offer(offers);
        }
    }

    /// <inheritdoc/>
    public Setting Setting { get; }
}
