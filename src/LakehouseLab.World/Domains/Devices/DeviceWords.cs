using LakehouseLab.World.Batches;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>The texts that sessions repeat, by number. Immutable.</summary>
internal static class DeviceWords
{
    /// <summary>Kinds of device.</summary>
    public static IReadOnlyList<string> Types { get; } = ["mobile", "desktop", "tablet"];

    /// <summary>Operating systems.</summary>
    public static IReadOnlyList<string> Systems { get; } = ["Android", "Windows", "iOS", "macOS", "Linux"];

    /// <summary><see cref="Types"/>, as columns hold them.</summary>
    public static Utf8Dictionary TypeTexts { get; } = Utf8Dictionary.Of(Types);

    /// <summary><see cref="Systems"/>, as columns hold them.</summary>
    public static Utf8Dictionary SystemTexts { get; } = Utf8Dictionary.Of(Systems);

    /// <summary>User agents, numbered as <see cref="DeviceFigures.Kinds"/>.</summary>
    public static Utf8Dictionary UserAgents { get; } = Utf8Dictionary.Of(DeviceFigures.Kinds.Select(kind => kind.UserAgent));

    /// <summary>The type of each of <see cref="DeviceFigures.Kinds"/>.</summary>
    public static int[] TypeOfKind { get; } = [.. DeviceFigures.Kinds.Select(kind => Types.ToList().IndexOf(kind.Type))];

    /// <summary>The operating system of each of <see cref="DeviceFigures.Kinds"/>.</summary>
    public static int[] SystemOfKind { get; } = [.. DeviceFigures.Kinds.Select(kind => Systems.ToList().IndexOf(kind.Os))];
}
