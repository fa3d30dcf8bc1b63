using System.Runtime.CompilerServices;

namespace LakehouseLab.World.Randomness;

/// <summary>Draws an index by weights in one step (A. J. Walker's alias method, as built by M. Vose, 1991).</summary>
internal sealed class AliasTable
{
    private readonly ulong[] _thresholds;
    private readonly int[] _aliases;

    /// <summary>Makes a table.</summary>
    /// <param name="weights">Weights, not negative, at least one of them positive.</param>
    public AliasTable(IReadOnlyList<double> weights)
    {
        int count = weights.Count;
        _thresholds = new ulong[count];
        _aliases = new int[count];
        double total = weights.Sum();
        double[] scaled = [.. weights.Select(weight => weight * count / total)];
        Queue<int> small = new(Enumerable.Range(0, count).Where(i => scaled[i] < 1));
        Queue<int> large = new(Enumerable.Range(0, count).Where(i => scaled[i] >= 1));
        while (small.Count > 0 && large.Count > 0)
        {
            int less = small.Dequeue();
            int more = large.Peek();
            _thresholds[less] = (ulong)(scaled[less] * (1UL << 32));
            _aliases[less] = more;
            scaled[more] -= 1 - scaled[less];
            if (scaled[more] < 1)
            {
                small.Enqueue(large.Dequeue());
            }
        }

        foreach (int rest in small.Concat(large))
        {
            _thresholds[rest] = 1UL << 32;
            _aliases[rest] = rest;
        }
    }

    /// <summary>The index at 64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Pick(ulong bits)
    {
        ulong product = unchecked((bits >> 32) * (ulong)_aliases.Length);
        int index = (int)(product >> 32);
        return (bits & 0xFFFF_FFFF) < _thresholds[index] ? index : _aliases[index];
    }
}
