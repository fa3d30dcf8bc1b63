using System.Text;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Keys;

namespace LakehouseLab.Audit.Records;

/// <summary>Finds which row of the world a record says that it is. Not thread-safe.</summary>
/// <param name="factory">Finds rows by keys.</param>
internal sealed class RecordRows(IDataFactory factory)
{
    private readonly KeyCodec _codec = factory.Domain.Key;

    /// <summary>Finds the row of a JSON record.</summary>
    /// <returns>The row, or -1 when the record has no key that can be read, or the key of no row.</returns>
    public long Find(ReadOnlySpan<byte> record) =>
        _codec.TryReadStart(record, out RecordKey start) ? factory.FindRow(start)
        : RecordId.TryRead(_codec, record) is { } id ? factory.FindRow(id.Key)
        : -1;
}
