using System.Globalization;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Cli.Values;

/// <summary>Sizes in bytes: <c>64MiB</c>, <c>1.5GB</c>, <c>4096</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Name, long Bytes)[] s_units =
    [
        ("", 1), ("B", 1),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
    ];

    /// <summary>Reads a size.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="minimum">The least that is allowed, in bytes.</param>
    /// <exception cref="InvalidRequestException">It is not a size or below the minimum.</exception>
    public static long Parse(string text, long minimum)
    {
        Number.Split(text.AsSpan().Trim(), out ReadOnlySpan<char> number, out ReadOnlySpan<char> suffix);
        foreach ((string name, long bytes) in s_units)
        {
            if (suffix.Equals(name, StringComparison.OrdinalIgnoreCase)
                && Number.TryMultiply(number, bytes, out long size) && size >= minimum)
            {
                return size;
            }
        }

        throw new InvalidRequestException(string.Create(CultureInfo.InvariantCulture, $"is not a size of at least {minimum} B: write it like 64MiB, 1GB or 65536 (bytes)"));
    }

    /// <summary>Writes a size that <see cref="Parse"/> reads back as the same.</summary>
    public static string Format(long bytes)
    {
        foreach ((string name, long unit) in s_units.Reverse())
        {
            if (unit > 1 && bytes > 0 && bytes % unit == 0 && name.Contains('i', StringComparison.Ordinal))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit}{name}");
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
