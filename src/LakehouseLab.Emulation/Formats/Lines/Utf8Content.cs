using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Emulation.Formats.Lines;

/// <summary>The content of an object of lines, as it is. One that is recognisably UTF-16 or UTF-32 is refused by that name.</summary>
/// <param name="content">The content, which it disposes of.</param>
/// <param name="place">The object, as messages name it.</param>
internal sealed class Utf8Content(Stream content, string place) : ReadOnlyStream
{
    // As many bytes tell the encodings apart: two characters of UTF-16, one of UTF-32.
    private readonly byte[] _head = new byte[4];
    private int _headLength = -1;
    private int _headRead;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_headLength < 0)
        {
            _headLength = content.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
            if (FindOther(_head.AsSpan(0, _headLength)) is { } encoding)
            {
                throw new LakeException($"{place} is {encoding}: write it as UTF-8, or move it away");
            }
        }

        if (_headRead == _headLength)
        {
            return content.Read(buffer);
        }

        int length = Math.Min(buffer.Length, _headLength - _headRead);
        _head.AsSpan(_headRead, length).CopyTo(buffer);
        _headRead += length;
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
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
