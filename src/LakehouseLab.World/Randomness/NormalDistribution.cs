namespace LakehouseLab.World.Randomness;

/// <summary>The standard normal distribution as a table of its integral.</summary>
internal static class NormalDistribution
{
    // Numerical integration of the density from 0 outward; a step of 1/4096 leaves errors below 1e-7.
    private const int StepsPerUnit = 4096;
    private const int Units = 4;

    // Every 64th of those: 2 KiB, and errors below 1e-5.
    private const int CoarseStepsPerUnit = 64;

    private static readonly double[] Upper = MakeUpper();
    private static readonly double[] Coarse =
        [.. Enumerable.Range(0, (Units * CoarseStepsPerUnit) + 1).Select(step => Upper[step * (StepsPerUnit / CoarseStepsPerUnit)])];

    /// <summary>The share of the distribution below a value, with errors below 1e-5; beyond ±4 that at ±4.</summary>
    public static double ShareBelow(double value)
    {
        double place = Math.Min(Math.Abs(value), Units) * CoarseStepsPerUnit;
        int step = Math.Min((int)place, (Units * CoarseStepsPerUnit) - 1);
        double upper = Coarse[step] + ((place - step) * (Coarse[step + 1] - Coarse[step]));
        return value < 0 ? 1 - upper : upper;
    }

    /// <summary>The value below which a share of the distribution is.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public static double Quantile(double share)
    {
        double upper = share < 0.5 ? 1 - share : share;
        int found = Array.BinarySearch(Upper, upper);
        int right = Math.Clamp(found >= 0 ? found : ~found, 1, Upper.Length - 1);
        double width = Upper[right] - Upper[right - 1];
        double value = (right - 1 + ((upper - Upper[right - 1]) / width)) / StepsPerUnit;
        return share < 0.5 ? -value : value;
    }

    private static double[] MakeUpper()
    {
        const double Step = 1.0 / StepsPerUnit;
        const double InverseRootTwoPi = 0.398942280401432677939946;
        double[] upper = new double[(Units * StepsPerUnit) + 1];
        upper[0] = 0.5;
        for (int i = 0; i + 1 < upper.Length; i++)
        {
            double middle = (i + 0.5) * Step;
            upper[i + 1] = upper[i] + (Step * InverseRootTwoPi * WorldMath.Exp(-middle * middle / 2));
        }

        return upper;
    }
}
