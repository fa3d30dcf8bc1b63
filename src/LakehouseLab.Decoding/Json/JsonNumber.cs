namespace LakehouseLab.Decoding.Json;

/// <summary>A number of JSON as it was written, which becomes a decimal without ever being a binary fraction.</summary>
/// <param name="digits">Sign, digits and point.</param>
/// <param name="fraction">How many digits stand after the point.</param>
/// <param name="exponent">Sign and digits of the exponent; empty for none.</param>
internal readonly ref struct JsonNumber(ReadOnlySpan<byte> digits, int fraction, ReadOnlySpan<byte> exponent)
{
    private const int MaxDigits = 19;

    // No value that a column can hold has an exponent beyond; a longer one is cut here so that it cannot overflow.
    private const int MaxExponent = 1_000_000;

    private readonly ReadOnlySpan<byte> _digits = digits;
    private readonly int _fraction = fraction;
    private readonly ReadOnlySpan<byte> _exponent = exponent;

    /// <summary>The value times 10^scale.</summary>
    /// <param name="precision">Digits that it may have in all, at most 19.</param>
    /// <param name="scale">Decimals that it may have.</param>
    /// <param name="units">The result.</param>
    /// <returns>Why it has none.</returns>
    public NumberVerdict TryScale(int precision, int scale, out long units)
    {
        units = 0;
        bool negative = _digits[0] == (byte)'-';
        ulong magnitude = 0;
        int significant = 0;
        int zeros = 0;
        foreach (byte symbol in _digits)
        {
            if (symbol is (byte)'-' or (byte)'.')
            {
                continue;
            }

            if (symbol == (byte)'0')
            {
                zeros += significant > 0 ? 1 : 0;
                continue;
            }

            significant += zeros + 1;
            if (significant > MaxDigits)
            {
                return NumberVerdict.TooManyDigits;
            }

            magnitude = (magnitude * PowerOfTen(zeros + 1)) + (ulong)(symbol - '0');
            zeros = 0;
        }

        if (significant == 0)
        {
            return NumberVerdict.Exact;
        }

        long shift = (long)ReadExponent() - _fraction + zeros + scale;
        if (shift < 0)
        {
            return NumberVerdict.TooManyDecimals;
        }

        if (significant + shift > precision)
        {
            return NumberVerdict.TooManyDigits;
        }

        UInt128 scaled = (UInt128)magnitude * PowerOfTen((int)shift);
        UInt128 limit = (UInt128)long.MaxValue + (negative ? 1u : 0u);
        if (scaled > limit)
        {
            return NumberVerdict.TooManyDigits;
        }

        units = unchecked(negative ? -(long)scaled : (long)scaled);
        return NumberVerdict.Exact;
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private int ReadExponent()
    {
        int value = 0;
        foreach (byte symbol in _exponent)
        {
            if (symbol is not ((byte)'-' or (byte)'+'))
            {
                value = Math.Min(MaxExponent, (value * 10) + (symbol - '0'));
            }
        }

        return _exponent.Length > 0 && _exponent[0] == (byte)'-' ? -value : value;
    }
}

/// <summary>Whether a number is a decimal of a precision and scale.</summary>
internal enum NumberVerdict
{
    /// <summary>It is.</summary>
    Exact,

    /// <summary>It has decimals beyond the scale.</summary>
    TooManyDecimals,

    /// <summary>It has digits beyond the precision.</summary>
    TooManyDigits,
}
