using System.Globalization;
using System.Text;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Devices;

/// <summary>
/// What browsers call themselves: their reduced user agents, with the version that a device has at an instant. Browsers appear by a calendar, and
/// devices follow within days, some within months, a few long after. Not thread-safe: keeps the texts that were asked for.
/// </summary>
internal sealed class UserAgents
{
    // By kind, and by releases from the first one that is looked at.
    private readonly byte[]?[][] _texts = [.. DeviceFigures.Kinds.Select(_ => new byte[]?[64])];

    /// <summary>The user agent of a device at an instant.</summary>
    /// <param name="kind">Which of <see cref="DeviceFigures.Kinds"/> it is.</param>
    /// <param name="device">The key of the device's draws.</param>
    /// <param name="unixMs">The instant.</param>
    public byte[] Find(int kind, ulong device, long unixMs)
    {
        BrowserLine line = DeviceFigures.Kinds[kind].Browser;
        long release = line.ReleaseAt(unixMs - LagOf(Draw.Bits(device, DeviceFigures.LagDraw)));
        long place = release + line.Past;
        return place < _texts[kind].Length && _texts[kind][place] is { } known ? known : Write(kind, line, release);
    }

    private byte[] Write(int kind, BrowserLine line, long release)
    {
        int place = (int)(release + line.Past);
        if (place >= _texts[kind].Length)
        {
            Array.Resize(ref _texts[kind], place * 2);
        }

        return _texts[kind][place] = Encoding.UTF8.GetBytes(line.Write(DeviceFigures.Kinds[kind].UserAgent, release));
    }

    private static long LagOf(ulong bits)
    {
        double habit = Draw.Unit(bits);
        double mean = habit < DeviceFigures.PromptShare ? DeviceFigures.PromptLagMs : habit < DeviceFigures.SlowShare ? DeviceFigures.SlowLagMs : DeviceFigures.StuckLagMs;
        return (long)(mean * QuantileTable.Exponential.At(Draw.Mix(bits)));
    }
}

/// <summary>The releases of a browser: one of a number that is known, and others in equal intervals before and after it.</summary>
/// <param name="KnownMs">When the known one appeared, in Unix milliseconds.</param>
/// <param name="IntervalMs">Time between releases.</param>
/// <param name="Known">Its major version, whose first release it was.</param>
/// <param name="Past">How many releases are looked at before it: what would be earlier has the first of them.</param>
/// <param name="Minors">How many releases a major version has, numbered from 0 after the point; 1 when a 0 follows the point always.</param>
/// <param name="Skipped">By how much the numbers jumped with the known one.</param>
internal sealed record BrowserLine(long KnownMs, long IntervalMs, int Known, int Past, int Minors = 1, int Skipped = 0)
{
    // Samsung's browser 28 is built on Chrome 130, and each of its versions on one some six later.
    private const int SamsungsVersion = 28;
    private const int SamsungsChrome = 130;
    private const int ChromesOfSamsung = 6;

    /// <summary>The number of the newest release at an instant, 0 for the known one.</summary>
    public long ReleaseAt(long unixMs) => (Math.Max(0, unixMs - KnownMs + (Past * IntervalMs)) / IntervalMs) - Past;

    /// <summary>Writes a user agent.</summary>
    /// <param name="pattern">The text with {0} for the version, {1} for its major part, {2} for the Chrome on which a Samsung browser is built.</param>
    /// <param name="release">The number of the release.</param>
    public string Write(string pattern, long release)
    {
        // Counted from a release before all, since division rounds toward 0.
        long minor = (release + (Past * Minors)) % Minors;
        long major = Known + ((release - minor) / Minors);
        major -= release < 0 ? Skipped : 0;
        return string.Format(CultureInfo.InvariantCulture, pattern, $"{major}.{minor}", major, SamsungsChrome + (ChromesOfSamsung * (major - SamsungsVersion)));
    }
}
