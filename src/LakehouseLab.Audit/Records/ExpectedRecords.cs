using LakehouseLab.Audit.Ranges;
using LakehouseLab.World;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Records;

/// <summary>Single rows of the world as records should have them. Keeps the blocks used last; not thread-safe.</summary>
internal sealed class ExpectedRecords(EmulatedWorld world, DomainRanges ranges)
{
    // Records are mostly in the order of their rows, so few blocks are in use at a time.
    private const int KeptBlocks = 8;

    private readonly LinkedList<(long Block, bool Labels, ExpectedBlock Rows)> _kept = [];

    /// <summary>Finds rows by keys.</summary>
    public IDataFactory Factory { get; } = world.CreateFactory(ranges.Domain);

    /// <summary>A delivered row's record, without line feed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Record(long row) => BlockOf(row).Record(PlaceOf(row));

    /// <summary>A delivered row's key as a person reads it.</summary>
    public string IdOf(long row) => RecordId.TryRead(ranges.Domain.Key, Record(row))!.Value.Text;

    /// <summary>The block of a delivered row, encoded.</summary>
    public ExpectedBlock BlockOf(long row)
    {
        long block = row / IDataFactory.BlockRows;
        bool labels = ranges.Ranges[ranges.Find(row)].Manifest.Labels;
        LinkedListNode<(long Block, bool Labels, ExpectedBlock Rows)>? node = _kept.First;
        while (node is not null && (node.Value.Block != block || node.Value.Labels != labels))
        {
            node = node.Next;
        }

        if (node is null)
        {
            ExpectedBlock rows = _kept.Count < KeptBlocks ? new ExpectedBlock(Factory) : _kept.Last!.Value.Rows;
            if (_kept.Count == KeptBlocks)
            {
                _kept.RemoveLast();
            }

            rows.Fill(block);
            rows.Encode(0, rows.Batch.Count, labels);
            node = new LinkedListNode<(long Block, bool Labels, ExpectedBlock Rows)>((block, labels, rows));
        }
        else
        {
            _kept.Remove(node);
        }

        _kept.AddFirst(node);
        return node.Value.Rows;
    }

    /// <summary>A row's place in its block.</summary>
    public static int PlaceOf(long row) => (int)(row % IDataFactory.BlockRows);
}
