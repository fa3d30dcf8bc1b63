using System.Buffers;

namespace LakehouseLab.Decoding.Json;

/// <summary>
/// Reads JSON strictly as RFC 8259 has it, from valid UTF-8, token by token and without allocation. A method that returns
/// false has met what is not JSON; where it stands then is undefined.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> text)
{
    // What ends a run of plain characters in a string: the quote, an escape, or a control character, which must be escaped.
    private static readonly SearchValues<byte> s_special = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>Where it stands.</summary>
    public int Position { get; private set; }

    /// <summary>The byte at the position; 0 at the end, which no JSON holds as it is.</summary>
    public readonly byte Next => Position < _text.Length ? _text[Position] : (byte)0;

    /// <summary>Whether the text is at its end.</summary>
    public readonly bool AtEnd => Position == _text.Length;

    /// <summary>Moves over whitespace.</summary>
    public void SkipWhitespace()
    {
        while (Position < _text.Length && _text[Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            Position++;
        }
    }

    /// <summary>Moves over a byte if it is the next one.</summary>
    public bool TryTake(byte expected)
    {
        if (Next != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Moves over bytes if they come next.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (!_text[Position..].StartsWith(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="raw">What stands between the quotes.</param>
    /// <param name="escaped">Whether there are escapes in it.</param>
    public bool TryReadString(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        int start = Position;
        while (true)
        {
            int found = _text[Position..].IndexOfAny(s_special);
            if (found < 0)
            {
                return false;
            }

            Position += found;
            if (_text[Position] == (byte)'"')
            {
                raw = _text[start..Position];
                Position++;
                return true;
            }

            if (_text[Position] != (byte)'\\' || !TrySkipEscape())
            {
                return false;
            }

            escaped = true;
        }
    }

    /// <summary>Reads a number if it is spelt as writers do, without an exponent and within the digits: the quick way, which moves
    /// over nothing when it fails.</summary>
    /// <param name="wholeDigits">Digits before the point at most; with those of the scale at most 18.</param>
    /// <param name="scale">Digits after the point at most.</param>
    /// <param name="units">The value times 10^scale.</param>
    public bool TryReadPlainNumber(int wholeDigits, int scale, out long units)
    {
        units = 0;
        long value = 0;
        int at = Position;
        bool negative = Next == (byte)'-';
        at += negative ? 1 : 0;
        int first = at;
        int whole = AppendDigits(ref at, wholeDigits, ref value);
        if (whole == 0 || (whole > 1 && _text[first] == (byte)'0'))
        {
            return false;
        }

        int decimals = 0;
        if (at < _text.Length && _text[at] == (byte)'.')
        {
            at++;
            decimals = AppendDigits(ref at, scale, ref value);
            if (decimals == 0)
            {
                return false;
            }
        }

        if (at < _text.Length && _text[at] is (>= (byte)'0' and <= (byte)'9') or (byte)'e' or (byte)'E')
        {
            return false;
        }

        for (; decimals < scale; decimals++)
        {
            value *= 10;
        }

        units = negative ? -value : value;
        Position = at;
        return true;
    }

    /// <summary>Reads a number.</summary>
    public bool TryReadNumber(out JsonNumber number)
    {
        int start = Position;
        TryTake((byte)'-');
        int whole = TakeDigits();
        bool shaped = whole == 1 || (whole > 1 && _text[Position - whole] != (byte)'0');
        int fraction = 0;
        if (TryTake((byte)'.'))
        {
            fraction = TakeDigits();
            shaped &= fraction > 0;
        }

        int end = Position;
        int exponent = Position;
        if (Next is (byte)'e' or (byte)'E')
        {
            Position++;
            exponent = Position;
            _ = TryTake((byte)'+') || TryTake((byte)'-');
            shaped &= TakeDigits() > 0;
        }

        number = new JsonNumber(_text[start..end], fraction, _text[exponent..Position]);
        return shaped;
    }

    /// <summary>Moves over a value of any kind.</summary>
    /// <param name="depth">How many arrays and objects may be nested.</param>
    public bool TrySkipValue(int depth)
    {
        switch (Next)
        {
            case (byte)'"':
                return TryReadString(out _, out _);
            case (byte)'{':
                return depth > 0 && TrySkipObject(depth - 1);
            case (byte)'[':
                return depth > 0 && TrySkipArray(depth - 1);
            case (byte)'t':
                return TryTake("true"u8);
            case (byte)'f':
                return TryTake("false"u8);
            case (byte)'n':
                return TryTake("null"u8);
            default:
                return TryReadNumber(out _);
        }
    }

    private bool TrySkipObject(int depth)
    {
        Position++;
        SkipWhitespace();
        if (TryTake((byte)'}'))
        {
            return true;
        }

        MemberNames names = new();
        do
        {
            SkipWhitespace();
            if (!TryReadString(out ReadOnlySpan<byte> name, out bool escaped) || !names.TryAdd(name, escaped) || !TrySkipColon() || !TrySkipValue(depth))
            {
                return false;
            }

            SkipWhitespace();
        }
        while (TryTake((byte)','));

        return TryTake((byte)'}');
    }

    /// <summary>Moves over a colon and the whitespace around it.</summary>
    public bool TrySkipColon()
    {
        SkipWhitespace();
        if (!TryTake((byte)':'))
        {
            return false;
        }

        SkipWhitespace();
        return true;
    }

    private bool TrySkipArray(int depth)
    {
        Position++;
        SkipWhitespace();
        if (TryTake((byte)']'))
        {
            return true;
        }

        do
        {
            SkipWhitespace();
            if (!TrySkipValue(depth))
            {
                return false;
            }

            SkipWhitespace();
        }
        while (TryTake((byte)','));

        return TryTake((byte)']');
    }

    private bool TrySkipEscape()
    {
        Position++;
        byte symbol = Next;
        Position++;
        if (symbol != (byte)'u')
        {
            return "\"\\/bfnrt"u8.Contains(symbol);
        }

        for (int i = 0; i < 4; i++)
        {
            if (!char.IsAsciiHexDigit((char)Next))
            {
                return false;
            }

            Position++;
        }

        return true;
    }

    // Appends at most so many digits to a value; how many there were.
    private readonly int AppendDigits(ref int at, int most, ref long value)
    {
        int digits = 0;
        for (; digits < most && at < _text.Length && _text[at] is >= (byte)'0' and <= (byte)'9'; at++, digits++)
        {
            value = (value * 10) + (_text[at] - '0');
        }

        return digits;
    }

    private int TakeDigits()
    {
        int start = Position;
        while (Position < _text.Length && _text[Position] is >= (byte)'0' and <= (byte)'9')
        {
            Position++;
        }

        return Position - start;
    }
}
