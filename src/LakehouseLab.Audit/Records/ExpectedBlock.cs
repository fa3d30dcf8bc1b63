using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Records;

/// <summary>The rows of a block of the world, as columns and as JSON lines. Filled again and again; not thread-safe.</summary>
internal sealed class ExpectedBlock
{
    private readonly IDataFactory _factory;
    private readonly JsonBatchWriter _labelled;
    private readonly JsonBatchWriter _unlabelled;
    private readonly ByteBuffer _lines = new();
    private readonly int[] _ends = new int[IDataFactory.BlockRows];
    private int _first;

    /// <summary>Makes an empty block.</summary>
    /// <param name="factory">Makes the rows.</param>
    public ExpectedBlock(IDataFactory factory)
    {
        _factory = factory;
        Batch = factory.CreateBatch();
        _labelled = new JsonBatchWriter(Batch, labels: true);
        _unlabelled = new JsonBatchWriter(Batch, labels: false);
    }

    /// <summary>The rows.</summary>
    public RecordBatch Batch { get; }

    /// <summary>The JSON lines made last, line feeds included.</summary>
    public ReadOnlySpan<byte> Lines => _lines.Written.Span;

    /// <summary>Makes all rows of a block.</summary>
    public void Fill(long block) => _factory.FillBlock(Batch, block);

    /// <summary>Writes some of the rows as JSON lines.</summary>
    /// <param name="first">First row within the block.</param>
    /// <param name="count">How many.</param>
    /// <param name="labels">Whether records carry labels.</param>
    public void Encode(int first, int count, bool labels)
    {
        _first = first;
        _lines.Clear();
        (labels ? _labelled : _unlabelled).Write(first, count, _lines, _ends);
    }

    /// <summary>Where the lines of some encoded rows begin and end in <see cref="Lines"/>.</summary>
    /// <param name="first">First row within the block.</param>
    /// <param name="count">How many.</param>
    public Range Span(int first, int count) => StartOf(first).._ends[first - _first + count - 1];

    /// <summary>An encoded row's record, without line feed.</summary>
    public ReadOnlySpan<byte> Record(int row) => Lines[StartOf(row)..(_ends[row - _first] - 1)];

    private int StartOf(int row) => row == _first ? 0 : _ends[row - _first - 1];
}
