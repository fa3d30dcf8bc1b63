using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;

namespace LakehouseLab.Formats.Lines;

/// <summary>The content of an object of lines, as it is. One that is recognisably UTF-16 or UTF-32 is refused by that name.</summary>
/// <param name="content">The content, which it disposes of.</param>
/// <param name="place">The object, as messages name it.</param>
internal sealed class Utf8Content(Stream content, string place) : ReadAheadStream(content, Utf8Content.HeadSize)
{
    // As many bytes tell the encodings apart: two characters of UTF-16, one of UTF-32.
    private const int HeadSize = 4;

    private bool _isKnown;

    /// <inheritdoc/>
    protected override int Prepare()
    {
        if (!_isKnown)
        {
            while (Ahead.Length < HeadSize && TryReadAhead())
            {
                // Short reads.
            }

            _isKnown = true;
            if (FindOther(Ahead) is { } encoding)
            {
                throw new UnreadableObjectException($"{place} is {encoding}: write it as UTF-8, or move it away");
            }
        }

        return Ahead.Length;
    }

    // By their byte order marks, or by the NULs of ASCII characters, since JSON and CSV headers begin with such.
    private static string? FindOther(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0] or [not 0, 0, 0, 0] => "UTF-32 (little-endian)",
        [0, 0, 0xFE, 0xFF] or [0, 0, 0, not 0] => "UTF-32 (big-endian)",
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0] => "UTF-16 (little-endian)",
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0] => "UTF-16 (big-endian)",
        _ => null,
    };
}
