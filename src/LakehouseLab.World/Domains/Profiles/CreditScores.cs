using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Domains.Profiles;

/// <summary>
/// Credit scores: a person's own rank, which rises a little with age and spending, and a slow wave about it: the sum of noises on lattices of 4, 8, 16 and 32
/// months, interpolated. So scores of neighbouring months are near each other, and any month's is arithmetic.
/// </summary>
internal static class CreditScores
{
    private const int ShortestWave = 2;
    private const int LongestWave = 5;

    private static readonly QuantileTable Ranked = QuantileTable.Piecewise([.. ProfileFigures.Scores.Select(step => (step.Share, (double)step.Score))]);

    // So that the rank of everybody stays standard normal: the mean variance of an interpolated noise is two thirds of a wave's.
    private static readonly double WaveVariance = (LongestWave - ShortestWave + 1) * ProfileFigures.ScoreWave * ProfileFigures.ScoreWave * 2 / 3;
    private static readonly double OwnShare = Math.Sqrt(1 - WaveVariance);
    private static readonly double FreeShare = Math.Sqrt(1 - (ProfileFigures.ScoreByAge * ProfileFigures.ScoreByAge) - (ProfileFigures.ScoreBySpending * ProfileFigures.ScoreBySpending));

    /// <summary>The score of a person in a month; never that of the month before.</summary>
    /// <param name="personKey">The key of the person's draws.</param>
    /// <param name="month">The month of the world's profiles, from 0.</param>
    public static int Of(ulong personKey, long month)
    {
        double own = (ProfileFigures.ScoreByAge * QuantileTable.Normal.At(Draw.Bits(personKey, Purpose.Birth)))
            + (ProfileFigures.ScoreBySpending * QuantileTable.Normal.At(Draw.Bits(personKey, Purpose.Spending)))
            + (FreeShare * QuantileTable.Normal.At(Draw.Bits(personKey, Purpose.Score)));
        double rank = NormalDistribution.ShareBelow((OwnShare * own) + Wave(personKey, month));
        int even = Math.Min(850, (int)Ranked.At((ulong)(rank * (1UL << 53)) << 11)) & ~1;

        // Months take turns with even and odd scores, so that no update repeats the record before it.
        return (month & 1) == 0 ? even : even == 850 ? 849 : even + 1;
    }

    private static double Wave(ulong personKey, long month)
    {
        double sum = 0;
        for (int wave = ShortestWave; wave <= LongestWave; wave++)
        {
            long length = 1L << wave;
            ulong point = Purpose.MonthlyScore + ((ulong)wave << 40) + (ulong)(month >> wave);
            double part = (month & (length - 1)) / (double)length;
            sum += ((1 - part) * QuantileTable.Normal.At(Draw.Bits(personKey, point))) + (part * QuantileTable.Normal.At(Draw.Bits(personKey, point + 1)));
        }

        return ProfileFigures.ScoreWave * sum;
    }
}
