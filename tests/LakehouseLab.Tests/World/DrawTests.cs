using CsCheck;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.Tests.World;

public sealed class DrawTests
{
    [Fact]
    public void Bits_KnownSeed_EqualSplitMix64()
    {
        // The first outputs of SplitMix64 seeded with 1234567 (reference implementation by Sebastiano Vigna).
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(i => Draw.Bits(1234567, (ulong)i)));
    }

    [Fact]
    public void Below_AnyBound_StaysBelow() =>
        Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue]).Sample((bits, bound) => Draw.Below(bits, bound) < bound);

    [Fact]
    public void Unit_AnyBits_IsInHalfOpenUnitInterval() => Gen.ULong.Sample(bits => Draw.Unit(bits) is >= 0 and < 1);

    [Fact]
    public void Below_ManyCounters_IsUniform()
    {
        const int Bins = 256;
        const int Draws = 1 << 20;
        int[] counts = new int[Bins];
        ulong key = Draw.Key(42, 1, 1);
        for (ulong i = 0; i < Draws; i++)
        {
            counts[Draw.Below(Draw.Bits(key, i), Bins)]++;
        }

        double mean = (double)Draws / Bins;
        double chiSquare = counts.Sum(count => (count - mean) * (count - mean) / mean);

        // 255 degrees of freedom: mean 255, standard deviation 22.6; five deviations either side.
        Assert.InRange(chiSquare, 142, 368);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(97)]
    public void Unit_CountersApart_AreNotCorrelated(ulong lag)
    {
        ulong key = Draw.Key(42, 3, 7);
        AssertUncorrelated(i => (Draw.Unit(Draw.Bits(key, i)), Draw.Unit(Draw.Bits(key, i + lag))));
    }

    [Fact]
    public void Unit_NeighbouringEntitiesPurposesAndSeeds_AreNotCorrelated()
    {
        static double First(ulong seed, ulong purpose, ulong entity) => Draw.Unit(Draw.Bits(Draw.Key(seed, purpose, entity), 0));
        AssertUncorrelated(i => (First(42, 1, i), First(42, 1, i + 1)));
        AssertUncorrelated(i => (First(42, 1, i), First(42, 2, i)));
        AssertUncorrelated(i => (First(42, 1, i), First(43, 1, i)));
    }

    [Fact]
    public void Mix_OneBitChanged_ChangesAboutHalf()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            int changed = Enumerable.Range(1, 1000).Sum(i => System.Numerics.BitOperations.PopCount(Draw.Mix((ulong)i) ^ Draw.Mix((ulong)i ^ (1UL << bit))));

            // 64,000 coins: mean 32,000, standard deviation 126; six deviations either side.
            Assert.InRange(changed, 31_240, 32_760);
        }
    }

    // The correlation of n independent pairs has a standard deviation of 1 ÷ √n; five of them either side.
    private static void AssertUncorrelated(Func<ulong, (double X, double Y)> draw)
    {
        const int Pairs = 1 << 18;
        double sum = 0;
        for (ulong i = 0; i < Pairs; i++)
        {
            (double x, double y) = draw(i);
            sum += (x - 0.5) * (y - 0.5) * 12;
        }

        Assert.InRange(sum / Pairs, -5.0 / 512, 5.0 / 512);
    }
}
