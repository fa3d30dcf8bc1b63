using System.Buffers;
using LakehouseLab.Formats.Lines;

namespace LakehouseLab.Formats.Csv;

/// <summary>RFC 4180: values between commas, quoted only where they must be.</summary>
internal sealed class CsvSyntax : LineSyntax
{
    // An empty text is quoted, since nothing at all is an absent value.
    private static readonly SearchValues<byte> s_quoted = SearchValues.Create(",\"\r\n"u8);

    private CsvSyntax()
    {
    }

    /// <summary>The only one.</summary>
    public static CsvSyntax Instance { get; } = new();

    /// <inheritdoc/>
    public override byte Opening => 0;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Ending => "\n"u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Quote => default;

    /// <inheritdoc/>
    public override byte[] Before(string name, bool isFirst) => Absent(isFirst);

    /// <inheritdoc/>
    public override byte[] Absent(bool isFirst) => isFirst ? [] : [(byte)','];

    /// <inheritdoc/>
    public override int MaxText(int length) => (length * 2) + 2;

    /// <inheritdoc/>
    public override int WriteText(ReadOnlySpan<byte> utf8, Span<byte> to)
    {
        if (utf8.Length > 0 && !utf8.ContainsAny(s_quoted))
        {
            utf8.CopyTo(to);
            return utf8.Length;
        }

        int at = 0;
        to[at++] = (byte)'"';
        foreach (byte symbol in utf8)
        {
            to[at++] = symbol;
            if (symbol == '"')
            {
                to[at++] = symbol;
            }
        }

        to[at++] = (byte)'"';
        return at;
    }
}
