using System.Buffers;

namespace LakehouseLab.Formats.Json;

/// <summary>Strings of JSON (RFC 8259): only what must be escaped is.</summary>
internal static class JsonText
{
    // Bytes that one byte can become: a control character as \u00XX.
    private const int LongestEscape = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>Bytes that a text of a length takes at most with quotes and escapes.</summary>
    public static int MaxQuoted(int length) => (length * LongestEscape) + 2;

    /// <summary>A text with quotes and escapes.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> utf8)
    {
        byte[] quoted = new byte[MaxQuoted(utf8.Length)];
        return quoted[..Quote(utf8, quoted)];
    }

    /// <summary>Writes a text with quotes and escapes.</summary>
    /// <returns>Bytes written, at most <see cref="MaxQuoted"/>.</returns>
    public static int Quote(ReadOnlySpan<byte> utf8, Span<byte> to)
    {
        to[0] = (byte)'"';
        int at = 1;
        while (true)
        {
            int plain = utf8.IndexOfAny(Escaped);
            ReadOnlySpan<byte> copied = plain < 0 ? utf8 : utf8[..plain];
            copied.CopyTo(to[at..]);
            at += copied.Length;
            if (plain < 0)
            {
                to[at] = (byte)'"';
                return at + 1;
            }

            at += Escape(utf8[plain], to[at..]);
            utf8 = utf8[(plain + 1)..];
        }
    }

    /// <summary>Whether a text is a number as JSON writes it.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> rest = utf8.StartsWith((byte)'-') ? utf8[1..] : utf8;
        int whole = Digits(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }

        rest = rest[whole..];
        if (rest.StartsWith((byte)'.'))
        {
            int fraction = Digits(rest[1..]);
            if (fraction == 0)
            {
                return false;
            }

            rest = rest[(1 + fraction)..];
        }

        if (rest.Length > 0 && rest[0] is (byte)'e' or (byte)'E')
        {
            rest = rest[1..];
            rest = rest.Length > 0 && rest[0] is (byte)'+' or (byte)'-' ? rest[1..] : rest;
            return rest.Length > 0 && Digits(rest) == rest.Length;
        }

        return rest.Length == 0;
    }

    private static int Digits(ReadOnlySpan<byte> utf8)
    {
        int other = utf8.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? utf8.Length : other;
    }

    private static int Escape(byte symbol, Span<byte> to)
    {
        if (symbol is (byte)'"' or (byte)'\\')
        {
            to[0] = (byte)'\\';
            to[1] = symbol;
            return 2;
        }

        "\\u00"u8.CopyTo(to);
        to[4] = (byte)"0123456789abcdef"[symbol >> 4];
        to[5] = (byte)"0123456789abcdef"[symbol & 15];
        return LongestEscape;
    }
}
