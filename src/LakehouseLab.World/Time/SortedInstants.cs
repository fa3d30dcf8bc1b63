namespace LakehouseLab.World.Time;

/// <summary>Searches in instants sorted upward, in which one may repeat.</summary>
internal static class SortedInstants
{
    /// <summary>How many are before an instant.</summary>
    public static int CountBefore(ReadOnlySpan<long> instants, long instant)
    {
        int low = 0;
        int high = instants.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (instants[middle] < instant)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
