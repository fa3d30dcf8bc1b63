using LakehouseLab.Formats.Json;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Formats.Csv;

/// <summary>How a column of CSV becomes a member of JSON.</summary>
internal sealed class CsvMember
{
    private readonly FieldType? _type;

    /// <summary>Makes the member of a column.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="position">Its place in the file.</param>
    /// <param name="schema">The domain.</param>
    public CsvMember(string column, int position, DomainSchema schema)
    {
        int known = schema.IndexOf(column);
        _type = known < 0 ? null : schema.Fields[known].Type;
        Name = JsonSyntax.Instance.Before(column, isFirst: false);
        Position = position;
        Order = known < 0 ? schema.Fields.Count + position : known;
    }

    /// <summary>Comma, name and colon.</summary>
    public byte[] Name { get; }

    /// <summary>Place of the column in the file.</summary>
    public int Position { get; }

    /// <summary>Place of the member in the record: known fields in the schema's order, then unknown ones in the file's.</summary>
    public int Order { get; }

    /// <summary>Whether a value stands in JSON as it is, without quotes. One that is not what its field should be is kept as text.</summary>
    public bool IsToken(ReadOnlySpan<byte> value) => _type switch
    {
        FieldType.Int64 or FieldType.Decimal => JsonText.IsNumber(value),
        FieldType.Boolean => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8),
        _ => false,
    };
}
