using System.Text;
using System.Text.Unicode;
using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.Formats.Streams;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Formats.Csv;

/// <summary>Reads CSV with a header, which says where each column is.</summary>
internal sealed class CsvRecordReader : RecordReader
{
    // Escaped six-fold it still fits into an array.
    private const int LongestLine = 128 << 20;

    private readonly ContentStream _content;
    private readonly CsvSource _source;
    private readonly CsvMember[] _members;
    private readonly int _columns;
    private readonly ByteBuffer _json = new();
    private byte[] _value = new byte[256];
    private long _record = -1;

    private CsvRecordReader(ContentStream content, CsvSource source, CsvMember[] members)
    {
        _content = content;
        _source = source;
        _columns = members.Length;
        _members = [.. members.OrderBy(member => member.Order)];
    }

    /// <inheritdoc/>
    public override long Offset => _record;

    /// <inheritdoc/>
    public override long BytesRead => _content.BytesRead;

    /// <summary>Opens an object and reads its header.</summary>
    /// <param name="content">What is in the object; disposed of with the reader, and when there is no header.</param>
    /// <param name="place">The object, as messages name it.</param>
    /// <param name="schema">The domain.</param>
    /// <exception cref="UnreadableObjectException">It has no header of the domain.</exception>
    public static CsvRecordReader Open(ContentStream content, string place, DomainSchema schema)
    {
        CsvSource source = new(new LineReader(new Utf8Content(content, place), place, LongestLine));
        try
        {
            return new CsvRecordReader(content, source, ReadHeader(source, place, schema));
        }
        catch (Exception)
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadOnlySpan<byte> payload)
    {
        while (_source.TryRead(out ReadOnlySpan<byte> text, out bool isReadable))
        {
            _record++;
            if (LineReader.IsBlank(text))
            {
                continue;
            }

            payload = isReadable && _source.Record.Fields.Count == _columns && Utf8.IsValid(text) ? ToJson(text) : text;
            return true;
        }

        payload = default;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }
    }

    private static CsvMember[] ReadHeader(CsvSource source, string place, DomainSchema schema)
    {
        string remedy = $"begin it with {SchemaDocument.ToCsvHeader(schema).TrimEnd()}, or move it away";
        if (!source.TryRead(out ReadOnlySpan<byte> text, out bool isReadable))
        {
            throw new UnreadableObjectException($"{place} is empty, though a CSV file begins with the names of its columns: {remedy}");
        }

        if (LineEnds.AreReturnsInCsv(text))
        {
            throw LineEnds.Refuse(place);
        }

        isReadable = isReadable && Utf8.IsValid(text);
        List<string> names = [];
        byte[] name = new byte[text.Length];
        foreach (CsvField field in isReadable ? source.Record.Fields : [])
        {
            names.Add(Encoding.UTF8.GetString(name.AsSpan(0, CsvRecord.Copy(text, field, name))));
        }

        if (!names.Exists(column => schema.IndexOf(column) >= 0))
        {
            throw new UnreadableObjectException($"{place} does not begin with the names of its columns, none of which is a {schema.Name}'s: {remedy}");
        }

        if (names.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UnreadableObjectException($"{place} has more than one column '{twice.Key}': name each column once, or move it away");
        }

        return [.. names.Select((column, position) => new CsvMember(column, position, schema))];
    }

    // As the JSON writer does: fields in the schema's order, absent ones left out.
    private ReadOnlySpan<byte> ToJson(ReadOnlySpan<byte> text)
    {
        _json.Clear();
        foreach (CsvMember member in _members)
        {
            CsvField field = _source.Record.Fields[member.Position];
            if (field.IsAbsent)
            {
                continue;
            }

            _json.Append(member.Name);
            if (_value.Length < field.Length)
            {
                _value = new byte[field.Length * 2];
            }

            ReadOnlySpan<byte> value = _value.AsSpan(0, CsvRecord.Copy(text, field, _value));
            if (member.IsToken(value))
            {
                _json.Append(value);
            }
            else
            {
                _json.Length += JsonText.Quote(value, _json.Reserve(JsonText.MaxQuoted(value.Length)));
            }
        }

        _json.Append(_json.Length == 0 ? "{}"u8 : "}"u8);
        _json.First = JsonSyntax.Instance.Opening;
        return _json.Written.Span;
    }
}
