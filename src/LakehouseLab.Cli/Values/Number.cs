using System.Globalization;

namespace LakehouseLab.Cli.Values;

/// <summary>
/// Numbers with a unit as people write them (<c>10_000</c>, <c>1.5M</c>, <c>64MiB</c>), read exactly: no value is rounded
/// and none wraps round.
/// </summary>
internal static class Number
{
    // 25 digits times the largest unit, 2^40, are below 2^128.
    private const int MaxDigits = 25;

    /// <summary>Splits a text into its leading number and the unit after it.</summary>
    /// <param name="text">Such as <c>1.5M</c>.</param>
    /// <param name="number">Such as <c>1.5</c>; empty when the text begins with no digit.</param>
    /// <param name="unit">Such as <c>M</c>.</param>
    public static void Split(ReadOnlySpan<char> text, out ReadOnlySpan<char> number, out ReadOnlySpan<char> unit)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '_' or '.'))
        {
            end++;
        }

        number = text[..end];
        unit = text[end..];
    }

    /// <summary>Multiplies a number with its unit.</summary>
    /// <param name="number">Digits, at most one point between them, underscores between digits.</param>
    /// <param name="unit">What one stands for, at least 1.</param>
    /// <param name="value">The product.</param>
    /// <returns>Whether the text is a number and the product a whole one below 2^63.</returns>
    public static bool TryMultiply(ReadOnlySpan<char> number, long unit, out long value)
    {
        value = 0;
        if (!TryReadDigits(number, out UInt128 digits, out int decimals))
        {
            return false;
        }

        UInt128 product = digits * (UInt128)unit;
        UInt128 divisor = 1;
        for (int i = 0; i < decimals; i++)
        {
            divisor *= 10;
        }

        if (product % divisor != 0 || product / divisor > (UInt128)long.MaxValue)
        {
            return false;
        }

        value = (long)(product / divisor);
        return true;
    }

    /// <summary>A whole number with commas between its thousands.</summary>
    public static string Grouped(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static bool TryReadDigits(ReadOnlySpan<char> text, out UInt128 digits, out int decimals)
    {
        digits = 0;
        decimals = 0;
        int count = 0;
        bool afterPoint = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiDigit(c))
            {
                digits = (digits * 10) + (UInt128)(c - '0');
                decimals += afterPoint ? 1 : 0;
                count++;
                if (count > MaxDigits)
                {
                    return false;
                }

                continue;
            }

            bool betweenDigits = i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (!betweenDigits || (c == '.' && afterPoint))
            {
                return false;
            }

            afterPoint |= c == '.';
        }

        return count > 0;
    }
}
