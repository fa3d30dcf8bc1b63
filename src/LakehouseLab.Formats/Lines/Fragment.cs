using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LakehouseLab.Formats.Lines;

/// <summary>Bytes that are copied again and again: padded to whole vectors, so that a copy is one or two stores and no call.</summary>
internal sealed class Fragment
{
    /// <summary>A copy writes whole vectors of this many bytes.</summary>
    public const int Padding = 32;

    private readonly byte[] _padded;
    private readonly int _length;

    public Fragment(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        _padded = new byte[Math.Max(1, (bytes.Length + Padding - 1) / Padding) * Padding];
        bytes.CopyTo(_padded);
    }

    /// <summary>Bytes that <see cref="CopyTo"/> writes, those of the padding included.</summary>
    public int PaddedLength => _padded.Length;

    /// <summary>Copies the bytes, and padding behind them.</summary>
    /// <param name="to">Where to, with room for <see cref="PaddedLength"/>.</param>
    /// <returns>Bytes without the padding.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CopyTo(ref byte to)
    {
        ref byte from = ref MemoryMarshal.GetArrayDataReference(_padded);
        Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
        if (_length > Padding)
        {
            CopyRest(ref from, ref to);
        }

        return _length;
    }

    private void CopyRest(ref byte from, ref byte to)
    {
        for (nuint at = Padding; at < (nuint)_padded.Length; at += Padding)
        {
            Vector256.LoadUnsafe(ref from, at).StoreUnsafe(ref to, at);
        }
    }
}
