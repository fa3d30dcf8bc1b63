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
}
