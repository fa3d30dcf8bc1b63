namespace LakehouseLab.Formats.Lines;

/// <summary>The byte order mark of UTF-8: the signature that some writers begin an object with. Anywhere else it is a character like others.</summary>
public static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether bytes begin with it.</summary>
    public static bool IsAt(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Mark);

    /// <summary>The bytes behind it, or all of them when they do not begin with it.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> bytes) => IsAt(bytes) ? bytes[Mark.Length..] : bytes;
}
