using System.Numerics;
using System.Runtime.CompilerServices;

namespace LakehouseLab.Audit.Tables;

/// <summary>Least and greatest of many numbers, some at a time.</summary>
internal static class Extremes
{
    /// <summary>The least and the greatest; the type's greatest and least when there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (T Min, T Max) Of<T>(ReadOnlySpan<T> values)
        where T : struct, IMinMaxValue<T>, INumber<T>
    {
        (T min, T max) = (T.MaxValue, T.MinValue);
        int vectored = values.Length - (values.Length % Vector<T>.Count);
        if (vectored > 0)
        {
            Vector<T> least = new(values);
            Vector<T> greatest = least;
            for (int i = Vector<T>.Count; i < vectored; i += Vector<T>.Count)
            {
                Vector<T> some = new(values[i..]);
                least = Vector.Min(least, some);
                greatest = Vector.Max(greatest, some);
            }

            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                min = T.Min(min, least[lane]);
                max = T.Max(max, greatest[lane]);
            }
        }

        foreach (T value in values[vectored..])
        {
            min = T.Min(min, value);
            max = T.Max(max, value);
        }

        return (min, max);
    }
}
