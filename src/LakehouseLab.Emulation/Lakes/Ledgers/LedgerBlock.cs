namespace LakehouseLab.Emulation.Lakes.Ledgers;

/// <summary>
/// Consecutive numbers of a ledger that one document holds: a power of <see cref="Fan"/> of them, beginning at a multiple of
/// their count. So two blocks are nested or have nothing in common, and whoever condenses writes the same ones.
/// </summary>
/// <param name="First">The first number.</param>
/// <param name="Count">How many.</param>
internal readonly record struct LedgerBlock(int First, int Count)
{
    /// <summary>So many documents become one: a ledger of n entries is at most 15 documents for each power of 16 up to n, and an
    /// entry is written again as often as there are such powers.</summary>
    public const int Fan = 16;

    /// <summary>The number after the last.</summary>
    public int End => First + Count;

    /// <summary>Whether a number is one of them.</summary>
    public bool Contains(int number) => number >= First && number < End;

    /// <summary>The block of two numbers.</summary>
    /// <returns>The block, or null when no block has these.</returns>
    public static LedgerBlock? Of(int first, int last)
    {
        for (long count = 1; count <= int.MaxValue; count *= Fan)
        {
            if (last - (long)first + 1 == count)
            {
                return first % count == 0 && last < int.MaxValue ? new LedgerBlock(first, (int)count) : null;
            }
        }

        return null;
    }

    /// <summary>The fewest blocks that hold the numbers from 0 on.</summary>
    /// <param name="end">The number after the last.</param>
    public static IEnumerable<LedgerBlock> Cover(int end)
    {
        for (int first = 0; first < end;)
        {
            long count = 1;
            while (first % (count * Fan) == 0 && first + (count * Fan) <= end)
            {
                count *= Fan;
            }

            yield return new LedgerBlock(first, (int)count);
            first += (int)count;
        }
    }
}
