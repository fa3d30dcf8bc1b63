using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Formats.Lines;

/// <summary>Writes the rows of a batch as text, a record a line, fields in the schema's order. The bytes depend on the rows
/// alone. One writer serves one batch, which may be filled again. Not thread-safe.</summary>
public abstract class LineBatchWriter
{
    private readonly FieldEncoder[] _encoders;
    private readonly byte _opening;
    private readonly byte[] _ending;

    private protected LineBatchWriter(RecordBatch batch, bool labels, LineSyntax syntax)
    {
        _opening = syntax.Opening;
        _ending = syntax.Ending.ToArray();
        _encoders = [.. batch.Columns
            .Where(column => labels || !column.Field.IsLabel)
            .Select((column, position) => FieldEncoder.Create(column, syntax, isFirst: position == 0))];
    }

    /// <summary>Appends rows, each ended by a line feed.</summary>
    /// <param name="first">First row within the batch.</param>
    /// <param name="count">How many.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="ends">Gets the buffer's length behind each record; as long as there are rows.</param>
    public void Write(int first, int count, ByteBuffer buffer, Span<int> ends)
    {
        int longestRecord = _encoders.Sum(encoder => encoder.MaxBytes) + 1 + sizeof(ushort);
        ushort ending = MemoryMarshal.Read<ushort>([_ending[0], _ending[^1]]);
        for (int row = 0; row < count; row++)
        {
            ref byte start = ref MemoryMarshal.GetReference(buffer.Reserve(longestRecord));
            ref byte to = ref start;
            foreach (FieldEncoder encoder in _encoders)
            {
                to = ref Unsafe.Add(ref to, encoder.Write(ref to, first + row));
            }

            if (_opening != 0)
            {
                to = ref Unsafe.Add(ref to, Unsafe.AreSame(ref start, ref to) ? 1 : 0);
                start = _opening;
            }

            Unsafe.WriteUnaligned(ref to, ending);
            buffer.Length += (int)Unsafe.ByteOffset(ref start, ref to) + _ending.Length;
            ends[row] = buffer.Length;
        }
    }
}
