using LakehouseLab.Cli.Values;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;
using System.CommandLine;

namespace LakehouseLab.Cli.Settings;

/// <summary>A setting that can come from a flag, the environment or a file.</summary>
/// <param name="name">Its name in words joined by hyphens, such as <c>fraud-rate</c>.</param>
/// <param name="valueName">What stands for its value in help, such as <c>SHARE</c>.</param>
/// <param name="description">What it is, in one sentence.</param>
internal abstract class Setting(string name, string valueName, string description)
{
    /// <summary>Its name in words joined by hyphens.</summary>
    public string Name => name;

    /// <summary>What stands for its value in help.</summary>
    public string ValueName => valueName;

    /// <summary>What it is.</summary>
    public string Description => description;

    /// <summary>Its flag, such as <c>--fraud-rate</c>.</summary>
    public string Flag => $"--{name}";

    /// <summary>Its environment variable, such as <c>LAKELAB_FRAUD_RATE</c>.</summary>
    public string Variable => $"LAKELAB_{Key.ToUpperInvariant()}";

    /// <summary>Its key in <c>lakelab.yaml</c>, such as <c>fraud_rate</c>.</summary>
    public string Key => name.Replace('-', '_');

    /// <summary>Whether it is a path, which in a file is meant relative to that file.</summary>
    public bool IsPath { get; init; }

    /// <summary>Its default as a user would write it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Makes its flag for a command.</summary>
    public abstract Option CreateOption();

    /// <summary>What was stated of it, written as a user would write the value, and where; null when nothing was.</summary>
    /// <exception cref="InvalidRequestException">What was stated is not a value of the setting.</exception>
    public abstract StatedText? FindIn(SettingSources sources);

    /// <summary>What a world has, as a user would write it; null for a setting that is none of a world's.</summary>
    public abstract string? TextIn(WorldSettings world);
}

/// <summary>A setting with values of a type.</summary>
/// <param name="name">See <see cref="Setting"/>.</param>
/// <param name="valueName">See <see cref="Setting"/>.</param>
/// <param name="description">See <see cref="Setting"/>.</param>
/// <param name="parse">Reads a value, or throws an <see cref="InvalidRequestException"/> whose message follows the quoted text.</param>
/// <param name="format">Writes a value so that <paramref name="parse"/> reads it back.</param>
/// <param name="defaultValue">Gives the default.</param>
internal sealed class Setting<T>(
    string name, string valueName, string description, Func<string, T> parse, Func<T, string> format, Func<T> defaultValue)
    : Setting(name, valueName, description)
{
    /// <summary>Declares a setting that is one of a few words.</summary>
    public Setting(string name, string description, Choices<T> choices, Func<T> defaultValue)
        : this(name, choices.Text, description, choices.Parse, choices.WordOf, defaultValue) => Offers = choices.GetWords;

    /// <summary>Where the setting is found in a world; null when it is none of a world's.</summary>
    public Func<WorldSettings, T>? InWorld { get; init; }

    /// <summary>Values that a shell offers; null when there are too many to name.</summary>
    public Func<IEnumerable<string>>? Offers { get; init; }

    /// <summary>The default.</summary>
    public T Default => defaultValue();

    /// <inheritdoc/>
    public override string DefaultText => format(Default);

    /// <summary>Reads a value.</summary>
    public T Parse(string text) => parse(text);

    /// <inheritdoc/>
    public override Option CreateOption() => new SettingOption<T>(this);

    /// <inheritdoc/>
    public override StatedText? FindIn(SettingSources sources) =>
        sources.Find(this) is { } stated ? new StatedText(format((T)stated.Value!), stated.Origin) : null;

    /// <inheritdoc/>
    public override string? TextIn(WorldSettings world) => InWorld is null ? null : format(InWorld(world));
}
