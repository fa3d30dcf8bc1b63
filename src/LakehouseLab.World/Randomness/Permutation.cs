namespace LakehouseLab.World.Randomness;

/// <summary>A keyed permutation of 0 … count − 1 with its inverse, without a table.</summary>
/// <remarks>
/// A Feistel network over a × b ≥ count numbers, in which each round adds a hash of one half to the other modulo its
/// size; numbers beyond count are walked on (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
/// </remarks>
internal readonly struct Permutation
{
    private const int Rounds = 4;
    private readonly ulong _key;
    private readonly ulong _count;
    private readonly ulong _left;
    private readonly ulong _right;

    /// <summary>Makes a permutation.</summary>
    /// <param name="key">The key: another one permutes otherwise.</param>
    /// <param name="count">How many numbers, at least 1, at most 2^40.</param>
    public Permutation(ulong key, long count)
    {
        _key = key;
        _count = (ulong)count;
        _left = (ulong)Math.Sqrt(count);
        _left += _left * _left < _count ? 1UL : 0;
        _right = (_count + _left - 1) / _left;
    }

    /// <summary>Where a number goes.</summary>
    public long Apply(long value)
    {
        ulong x = (ulong)value;
        do
        {
            ulong a = x / _right;
            ulong b = x - (a * _right);
            for (ulong round = 0; round < Rounds; round += 2)
            {
                a = Add(a, Shift(round, b, _left), _left);
                b = Add(b, Shift(round + 1, a, _right), _right);
            }

            x = (a * _right) + b;
        }
        while (x >= _count);

        return (long)x;
    }

    /// <summary>Which number goes there.</summary>
    public long Invert(long value)
    {
        ulong x = (ulong)value;
        do
        {
            ulong a = x / _right;
            ulong b = x - (a * _right);
            for (ulong round = Rounds; round > 0; round -= 2)
            {
                b = Add(b, _right - Shift(round - 1, a, _right), _right);
                a = Add(a, _left - Shift(round - 2, b, _left), _left);
            }

            x = (a * _right) + b;
        }
        while (x >= _count);

        return (long)x;
    }

    private static ulong Add(ulong x, ulong y, ulong modulus)
    {
        ulong sum = x + y;
        return sum >= modulus ? sum - modulus : sum;
    }

    private ulong Shift(ulong round, ulong half, ulong modulus) => Draw.Below(Draw.Bits(unchecked(_key + (round << 56)), half), modulus);
}
