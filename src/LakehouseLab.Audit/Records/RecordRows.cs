using System.Text;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Records;

/// <summary>Finds which row of the world a record says that it is. Not thread-safe.</summary>
/// <param name="factory">Finds rows by keys.</param>
internal sealed class RecordRows(IDataFactory factory)
{
    private const int UuidLength = 36;

    private readonly DomainSchema _schema = factory.Schema;
    private readonly byte[] _start = Encoding.UTF8.GetBytes($"{{\"{factory.Schema.Key[0]}\":\"");

    /// <summary>Finds the row of a JSON record.</summary>
    /// <returns>It, or -1 when the record has no key that can be read, or the key of no row.</returns>
    public long Find(ReadOnlySpan<byte> record)
    {
        // As our writers put it: the key comes first, and nothing has to be parsed.
        if (_schema.Key.Count == 1 && record.StartsWith(_start) && record.Length > _start.Length + UuidLength
            && UuidText.TryParse(record.Slice(_start.Length, UuidLength), out ulong high, out ulong low))
        {
            return factory.FindRow(RecordKey.OfUuid(high, low));
        }

        return RecordId.TryRead(_schema, record) is { } id ? factory.FindRow(id.Key) : -1;
    }
}
