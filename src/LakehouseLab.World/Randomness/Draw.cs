using System.Runtime.CompilerServices;

namespace LakehouseLab.World.Randomness;

/// <summary>
/// Counter-based draws: each is a hash of a key and a counter, so any draw can be made in any order on any thread.
/// </summary>
/// <remarks>
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014, variant 13 of David Stafford); the increment is its golden gamma.
/// </remarks>
public static class Draw
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    // 2^-53: the spacing of doubles in [0.5, 1).
    private const double UnitStep = 1.0 / (1UL << 53);

    /// <summary>Mixes 64 bits: a bijection in which each input bit changes about half of the output bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    /// <summary>The key of a stream: one per seed, purpose and entity, so that no stream changes another.</summary>
    public static ulong Key(ulong seed, ulong purpose, ulong entity) =>
        unchecked(Mix(Mix(Mix(seed + GoldenGamma) + purpose + GoldenGamma) + entity + GoldenGamma));

    /// <summary>The draw at a place of a stream: 64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ulong key, ulong counter) => unchecked(Mix(key + ((counter + 1) * GoldenGamma)));

    /// <summary>A uniform number in [0, 1) with 53 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Unit(ulong bits) => (long)(bits >> 11) * UnitStep;

    /// <summary>A uniform integer in [0, <paramref name="bound"/>); its bias is below bound ÷ 2^64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Below(ulong bits, ulong bound) => Math.BigMul(bits, bound, out _);
}
