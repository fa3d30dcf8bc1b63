using System.Globalization;
using System.Text;

namespace LakehouseLab.Decoding.Json;

/// <summary>Texts within strings of JSON.</summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes of a string that <see cref="JsonScanner"/> has read.</summary>
    /// <param name="raw">What stands between the quotes.</param>
    /// <param name="to">Where to, at least as long as <paramref name="raw"/>.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False for a surrogate without its other half: no text can hold it.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> to, out int length)
    {
        length = 0;
        for (int i = 0; i < raw.Length;)
        {
            if (raw[i] != (byte)'\\')
            {
                to[length++] = raw[i++];
            }
            else if (raw[i + 1] != (byte)'u')
            {
                to[length++] = Simple(raw[i + 1]);
                i += 2;
            }
            else if (TryReadRune(raw, ref i, out Rune rune))
            {
                length += rune.EncodeToUtf8(to[length..]);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadRune(ReadOnlySpan<byte> raw, ref int at, out Rune rune)
    {
        char first = Unit(raw, at);
        at += 6;
        if (Rune.TryCreate(first, out rune))
        {
            return true;
        }

        if (!char.IsHighSurrogate(first) || at + 6 > raw.Length || raw[at] != (byte)'\\' || raw[at + 1] != (byte)'u' || !Rune.TryCreate(first, Unit(raw, at), out rune))
        {
            return false;
        }

        at += 6;
        return true;
    }

    private static char Unit(ReadOnlySpan<byte> raw, int at) => (char)ushort.Parse(raw.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Simple(byte symbol) => symbol switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => symbol,
    };
}
