using LakehouseLab.Emulation.Requests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Lines;
using LakehouseLab.Formats.Records;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Emulation.Delivery;

/// <summary>Makes blocks one after the other on one thread.</summary>
internal sealed class BlockMaker
{
    private readonly IDataFactory _factory;
    private readonly RecordBatch? _batch;
    private readonly LineBatchWriter? _writer;
    private readonly int _user;
    private readonly int _eventTime;
    private readonly long _start;

    public BlockMaker(EmulationRequest request, IDataFactory factory)
    {
        _factory = factory;
        _user = request.Schema.IndexOf(request.Schema.Person);
        _start = request.World.Settings.Start.ToUnixTimeMilliseconds();
        _eventTime = request.Schema.IndexOf(request.Schema.EventTime);
        if (request.Format.Format != RecordFormat.Parquet)
        {
            _batch = factory.CreateBatch();
            _writer = FormatWriters.CreateLineWriter(request.Format.Format, _batch, request.Labels);
        }
    }

    /// <summary>Fills a block with those of its rows that are in a range.</summary>
    public void Fill(EncodedBlock to, long block, RowRange range)
    {
        RecordBatch batch = to.Batch ?? _batch!;
        _factory.FillBlock(batch, block);
        int first = (int)Math.Max(0, range.FirstRow - batch.FirstRow);
        int end = (int)Math.Min(batch.Count, range.EndRow - batch.FirstRow);
        to.FirstRow = batch.FirstRow + first;
        to.Rows = end - first;
        to.Offset = first;
        to.Bytes.Clear();
        _writer?.Write(first, to.Rows, to.Bytes, to.Ends);
        ((Int64Column)batch.Columns[_user]).Values.AsSpan(first, to.Rows).CopyTo(to.UserIds);
        batch.Rules.AsSpan(first, to.Rows).CopyTo(to.Rules);
        CopyEventTimes((TimestampColumn)batch.Columns[_eventTime], first, to.EventTimes.AsSpan(0, to.Rows));
    }

    // A record without an event time of its own counts as at the world's start.
    private void CopyEventTimes(TimestampColumn column, int first, Span<long> to)
    {
        column.Milliseconds.AsSpan(first, to.Length).CopyTo(to);
        for (int row = 0; column.Nulls is not null && row < to.Length; row++)
        {
            if (column.Nulls[first + row])
            {
                to[row] = _start;
            }
        }
    }
}
