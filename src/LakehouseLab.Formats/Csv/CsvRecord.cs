namespace LakehouseLab.Formats.Csv;

/// <summary>How far a text is a record.</summary>
internal enum CsvVerdict
{
    /// <summary>It is one.</summary>
    Whole,

    /// <summary>It ends within quotes: the next line may belong to it.</summary>
    Open,

    /// <summary>It breaks the rules of quoting, whatever follows.</summary>
    Malformed,
}

/// <summary>One record of CSV, split into its fields by RFC 4180: no field is quoted in part. Filled again and again; not thread-safe.</summary>
internal sealed class CsvRecord
{
    private readonly List<CsvField> _fields = [];
    private int _at;
    private int _start;
    private bool _isQuoted;
    private bool _hasQuotes;

    /// <summary>The fields.</summary>
    public IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>Forgets what it holds.</summary>
    public void Clear()
    {
        _fields.Clear();
        _at = 0;
        _start = 0;
        _isQuoted = false;
        _hasQuotes = false;
    }

    /// <summary>Splits a text without its line end. After <see cref="CsvVerdict.Open"/> it goes on with the same text and more behind it.</summary>
    public CsvVerdict Split(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            if (!_isQuoted && _at == _start && _at < text.Length && text[_at] == '"')
            {
                _isQuoted = true;
                _at++;
            }

            CsvVerdict verdict = _isQuoted ? SplitQuoted(text) : SplitPlain(text);
            if (verdict != CsvVerdict.Whole)
            {
                return verdict;
            }

            _isQuoted = false;
            _hasQuotes = false;
            if (_at == text.Length)
            {
                return CsvVerdict.Whole;
            }

            // Behind a comma there is a field, also an empty one at the end.
            _start = ++_at;
        }
    }

    /// <summary>Copies the value of a field, quotes resolved.</summary>
    /// <returns>Bytes written.</returns>
    public static int Copy(ReadOnlySpan<byte> text, CsvField field, Span<byte> to)
    {
        ReadOnlySpan<byte> value = text.Slice(field.Start, field.Length);
        int length = 0;
        for (int quote; field.HasQuotes && (quote = value.IndexOf((byte)'"')) >= 0; value = value[(quote + 2)..])
        {
            value[..(quote + 1)].CopyTo(to[length..]);
            length += quote + 1;
        }

        value.CopyTo(to[length..]);
        return length + value.Length;
    }

    private CsvVerdict SplitPlain(ReadOnlySpan<byte> text)
    {
        int length = text[_at..].IndexOfAny((byte)',', (byte)'"');
        if (length >= 0 && text[_at + length] == '"')
        {
            return CsvVerdict.Malformed;
        }

        _at = length < 0 ? text.Length : _at + length;
        bool endsInReturn = length < 0 && _at > _start && text[^1] == '\r';
        _fields.Add(new CsvField(_start, _at - _start - (endsInReturn ? 1 : 0), IsQuoted: false, HasQuotes: false));
        return CsvVerdict.Whole;
    }

    private CsvVerdict SplitQuoted(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int length = text[_at..].IndexOf((byte)'"');
            if (length < 0)
            {
                _at = text.Length;
                return CsvVerdict.Open;
            }

            _at += length + 1;
            if (_at == text.Length || text[_at] != '"')
            {
                break;
            }

            _hasQuotes = true;
            _at++;
        }

        _fields.Add(new CsvField(_start + 1, _at - _start - 2, IsQuoted: true, _hasQuotes));
        if (_at == text.Length - 1 && text[_at] == '\r')
        {
            _at++;
        }

        return _at == text.Length || text[_at] == ',' ? CsvVerdict.Whole : CsvVerdict.Malformed;
    }
}

/// <summary>A field of a record.</summary>
/// <param name="Start">Where its value begins, behind the quote if it is quoted.</param>
/// <param name="Length">Bytes of its value as they are written.</param>
/// <param name="IsQuoted">Whether it is quoted.</param>
/// <param name="HasQuotes">Whether it holds doubled quotes.</param>
internal readonly record struct CsvField(int Start, int Length, bool IsQuoted, bool HasQuotes)
{
    /// <summary>Whether it is absent: nothing at all, not even quotes.</summary>
    public bool IsAbsent => Length == 0 && !IsQuoted;
}
