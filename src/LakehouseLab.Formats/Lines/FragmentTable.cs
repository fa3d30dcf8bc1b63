using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LakehouseLab.Formats.Lines;

/// <summary>Many <see cref="Fragment"/>s by number, their bytes side by side: thousands of them are picked at random, and
/// each is then one place in memory and not three.</summary>
internal sealed class FragmentTable
{
    private readonly byte[] _padded;
    private readonly (int Start, int Length)[] _places;

    public FragmentTable(IReadOnlyList<byte[]> texts)
    {
        _places = new (int, int)[texts.Count];
        int end = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            _places[i] = (end, texts[i].Length);
            end += Padded(texts[i].Length);
            LongestPadded = Math.Max(LongestPadded, Padded(texts[i].Length));
        }

        _padded = new byte[end];
        for (int i = 0; i < texts.Count; i++)
        {
            texts[i].CopyTo(_padded, _places[i].Start);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _places.Length;

    /// <summary>Bytes that <see cref="Copy"/> writes at most, padding included.</summary>
    public int LongestPadded { get; }

    /// <summary>Copies a fragment, and padding behind it.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="to">Where to, with room for <see cref="LongestPadded"/>.</param>
    /// <returns>Bytes without the padding.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Copy(int index, ref byte to)
    {
        (int start, int length) = _places[index];
        ref byte from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_padded), start);
        nuint at = 0;
        do
        {
            Vector256.LoadUnsafe(ref from, at).StoreUnsafe(ref to, at);
            at += Fragment.Padding;
        }
        while (at < (nuint)length);

        return length;
    }

    private static int Padded(int length) => Math.Max(1, (length + Fragment.Padding - 1) / Fragment.Padding) * Fragment.Padding;
}
