using System.Text;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Keys;

/// <summary>A key that is one UUID, the first field of its record.</summary>
public sealed class UuidKey : KeyCodec
{
    private readonly byte[] _start;

    /// <summary>Makes the codec of a domain.</summary>
    /// <param name="schema">Its schema, whose first field is a UUID and its whole key.</param>
    public UuidKey(DomainSchema schema)
        : base([schema.Fields[0]], [schema.Fields[0]])
    {
        if (schema.Key.Count != 1 || schema.Key[0] != schema.Fields[0].Name || schema.Fields[0].Type != FieldType.Uuid)
        {
            throw new ArgumentException($"the key of {schema.Name} is not its first field, a UUID", nameof(schema));
        }

        _start = Encoding.UTF8.GetBytes($"{{\"{schema.Key[0]}\":\"");
    }

    /// <inheritdoc/>
    public override RecordKey? Read(KeyWords fields) => RecordKey.OfUuid(fields.First, fields.Second);

    /// <inheritdoc/>
    public override RecordKey? Parse(IReadOnlyList<string?> fields) =>
        fields[0] is { } uuid && UuidText.TryParse(Encoding.UTF8.GetBytes(uuid), out ulong high, out ulong low) ? RecordKey.OfUuid(high, low) : null;

    /// <inheritdoc/>
    public override bool TryReadStart(ReadOnlySpan<byte> record, out RecordKey key)
    {
        if (record.StartsWith(_start) && record.Length > _start.Length + UuidText.Length
            && UuidText.TryParse(record.Slice(_start.Length, UuidText.Length), out ulong high, out ulong low))
        {
            key = RecordKey.OfUuid(high, low);
            return true;
        }

        key = default;
        return false;
    }

    /// <inheritdoc/>
    public override string Describe(IReadOnlyList<string?> fields) => fields[0] ?? "";
}
