using System.Runtime.CompilerServices;

namespace LakehouseLab.World.Randomness;

/// <summary>The inverse of a distribution function as a table with linear interpolation: one draw costs one look-up.</summary>
internal sealed class QuantileTable
{
    private const int Cells = 4096;
    private readonly double[] _values;

    private QuantileTable(double[] values) => _values = values;

    /// <summary>The standard normal distribution, cut at ±3.7, the outermost 1 ÷ 8192 of either side.</summary>
    public static QuantileTable Normal { get; } = Of(NormalDistribution.Quantile);

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

    /// <summary>Tabulates a distribution of which some points are known, straight between them.</summary>
    /// <param name="steps">Shares with the value below which they are: the first is 0, the last 1, both columns rise.</param>
    public static QuantileTable Piecewise(IReadOnlyList<(double Share, double Value)> steps) => Of(u =>
    {
        int right = 1;
        while (steps[right].Share < u)
        {
            right++;
        }

        (double share, double value) = steps[right - 1];
        return value + ((u - share) / (steps[right].Share - share) * (steps[right].Value - value));
    });

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
}
