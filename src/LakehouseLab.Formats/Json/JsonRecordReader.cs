using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;

namespace LakehouseLab.Formats.Json;

/// <summary>Reads lines of JSON byte for byte, a byte order mark at the beginning included; a line of nothing but whitespace is not a record.</summary>
/// <param name="content">What is in the object; disposed of with the reader.</param>
/// <param name="place">The object, as messages name it.</param>
internal sealed class JsonRecordReader(ContentStream content, string place) : RecordReader
{
    private readonly LineReader _lines = new(new Utf8Content(content, place), place);

    /// <inheritdoc/>
    public override long Offset => _lines.Line;

    /// <inheritdoc/>
    public override long BytesRead => content.BytesRead;

    /// <inheritdoc/>
    public override bool TryRead(out ReadOnlySpan<byte> payload)
    {
        while (_lines.TryRead(out payload))
        {
            bool isFirst = _lines.Line == 0;
            if (isFirst && _lines.IsUnterminated && LineEnds.AreReturnsInJson(payload))
            {
                throw LineEnds.Refuse(place);
            }

            if (!LineReader.IsBlank(isFirst ? ByteOrderMark.Strip(payload) : payload))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lines.Dispose();
        }
    }
}
