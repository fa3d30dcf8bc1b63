using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Emulation.Json;

/// <summary>Writes the rows of a batch as JSON, one object a line, fields in the schema's order, absent ones left out.</summary>
public sealed class JsonBatchWriter : LineBatchWriter
{
    private readonly JsonColumnEncoder[] _encoders;

    /// <summary>Makes a writer.</summary>
    /// <param name="batch">The batch whose rows it writes.</param>
    /// <param name="labels">Whether labels are written.</param>
    public JsonBatchWriter(RecordBatch batch, bool labels)
    {
        _encoders = [.. batch.Columns
            .Where(column => labels || !column.Field.IsLabel)
            .Select((column, position) => JsonColumnEncoder.Create(column, first: position == 0))];
    }

    /// <inheritdoc/>
    public override void Write(int first, int count, ByteBuffer buffer, Span<int> ends)
    {
        int longestRecord = _encoders.Sum(encoder => encoder.MaxBytes) + sizeof(ushort);
        for (int row = 0; row < count; row++)
        {
            ref byte start = ref MemoryMarshal.GetReference(buffer.Reserve(longestRecord));
            ref byte to = ref start;
            foreach (JsonColumnEncoder encoder in _encoders)
            {
                to = ref Unsafe.Add(ref to, encoder.Write(ref to, first + row));
            }

            to = (byte)'}';
            Unsafe.Add(ref to, 1) = (byte)'\n';
            buffer.Length += (int)Unsafe.ByteOffset(ref start, ref to) + 2;
            ends[row] = buffer.Length;
        }
    }
}
