using System.Runtime.CompilerServices;

namespace LakehouseLab.World.Randomness;

/// <summary>The inverse of a distribution function as a table with linear interpolation: one draw costs one look-up.</summary>
internal sealed class QuantileTable
{
    private const int Cells = 4096;
    private readonly double[] _values;

    private QuantileTable(double[] values) => _values = values;

    /// <summary>The standard normal distribution, cut at ±3.7, the outermost 1 ÷ 8192 of either side.</summary>
    public static QuantileTable Normal { get; } = MakeNormal();

    /// <summary>The exponential distribution of mean 1, cut at 9.0, its outermost 1 ÷ 8192.</summary>
    public static QuantileTable Exponential { get; } = Of(u => -WorldMath.Log(1 - u));

    /// <summary>Tabulates a quantile function; at the ends it is taken half a cell from 0 and 1.</summary>
    public static QuantileTable Of(Func<double, double> quantile)
    {
        double[] values = new double[Cells + 1];
        for (int i = 0; i <= Cells; i++)
        {
            values[i] = quantile(Math.Clamp(i / (double)Cells, 0.5 / Cells, 1 - (0.5 / Cells)));
        }

        return new QuantileTable(values);
    }

    /// <summary>The value at 64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(ulong bits)
    {
        int cell = (int)(bits >> 52);

        // By way of a signed integer, which converts in one instruction.
        double fraction = (long)(bits & 0x000F_FFFF_FFFF_FFFF) * (1.0 / (1UL << 52));
        double low = _values[cell];
        return low + (fraction * (_values[cell + 1] - low));
    }

    // Numerical integration of the density from 0 outward; the table is its inverse. A step of 1/4096 leaves errors below 1e-7.
    private static QuantileTable MakeNormal()
    {
        const double Step = 1.0 / 4096;
        const double InverseRootTwoPi = 0.398942280401432677939946;
        List<double> distribution = [0.5];
        for (int i = 0; i < 4 * 4096; i++)
        {
            double middle = (i + 0.5) * Step;
            distribution.Add(distribution[i] + (Step * InverseRootTwoPi * WorldMath.Exp(-middle * middle / 2)));
        }

        double[] cumulative = [.. distribution];
        return Of(u =>
        {
            double upper = u < 0.5 ? 1 - u : u;
            int found = Array.BinarySearch(cumulative, upper);
            int right = Math.Clamp(found >= 0 ? found : ~found, 1, cumulative.Length - 1);
            double width = cumulative[right] - cumulative[right - 1];
            double z = (right - 1 + ((upper - cumulative[right - 1]) / width)) * Step;
            return u < 0.5 ? -z : z;
        });
    }
}
