namespace LakehouseLab.World.Randomness;

/// <summary>
/// The functions that the world needs, from + − × ÷ and bits alone, so that every machine computes the same last bit:
/// those of the mathematical library differ from CPU to CPU. Relative errors are below 1e-12, which no record can show.
/// </summary>
internal static class WorldMath
{
    private const double Ln2 = 0.693147180559945309417232;
    private const double Pi = 3.14159265358979323846264;
    private const int ExpSteps = 128;

    private static readonly double[] Powers = MakePowers();

    /// <summary>e^x for |x| up to 700: 2^(n ÷ 128) from a table, and the Taylor series for the rest, at most ln 2 ÷ 256.</summary>
    public static double Exp(double x)
    {
        unchecked
        {
            double scaled = x * (ExpSteps / Ln2);
            long n = (long)(scaled + (scaled < 0 ? -0.5 : 0.5));
            double r = x - (n * (Ln2 / ExpSteps));
            double series = 1 + (r * (1 + (r * ((1.0 / 2) + (r * ((1.0 / 6) + (r * ((1.0 / 24) + (r * (1.0 / 120))))))))));
            return series * Powers[(int)(n & (ExpSteps - 1))] * BitConverter.Int64BitsToDouble(((n >> 7) + 1023) << 52);
        }
    }

    /// <summary>The natural logarithm of a positive normal number, by its exponent and the series of artanh.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        double z = (mantissa - 1) / (mantissa + 1);
        double square = z * z;
        double sum = 0;
        for (int n = 21; n >= 1; n -= 2)
        {
            sum = (sum * square) + (1.0 / n);
        }

        return (2 * z * sum) + (exponent * Ln2);
    }

    /// <summary>The sine of an angle within ±2π, by its Taylor series.</summary>
    public static double Sin(double x)
    {
        if (x > Pi)
        {
            x -= 2 * Pi;
        }
        else if (x < -Pi)
        {
            x += 2 * Pi;
        }

        double square = x * x;
        double sum = 1;
        for (int n = 26; n >= 2; n -= 2)
        {
            sum = 1 - (square / (n * (n + 1)) * sum);
        }

        return x * sum;
    }

    /// <summary>The cosine of an angle within ±π.</summary>
    public static double Cos(double x) => Sin(x + (Pi / 2));

    /// <summary>Radians of degrees.</summary>
    public static double Radians(double degrees) => degrees * (Pi / 180);

    /// <summary>Half the angle's sine to the angle, for 0 to 1: arcsin by Newton's method on <see cref="Sin"/>.</summary>
    public static double Asin(double sine)
    {
        double angle = sine;
        for (int i = 0; i < 12; i++)
        {
            double slope = Math.Sqrt(1 - (Sin(angle) * Sin(angle)));
            if (slope < 1e-9)
            {
                return Pi / 2;
            }

            angle += (sine - Sin(angle)) / slope;
        }

        return angle;
    }

    // By the Taylor series on [0, ln 2), which 22 terms exhaust.
    private static double[] MakePowers()
    {
        double[] powers = new double[ExpSteps];
        for (int i = 0; i < ExpSteps; i++)
        {
            double x = i * (Ln2 / ExpSteps);
            double sum = 1;
            for (int n = 22; n >= 1; n--)
            {
                sum = 1 + (x / n * sum);
            }

            powers[i] = sum;
        }

        return powers;
    }
}
