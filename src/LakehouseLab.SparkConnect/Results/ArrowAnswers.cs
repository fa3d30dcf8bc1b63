using Apache.Arrow;
using Apache.Arrow.Ipc;
using Google.Protobuf;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>Puts a statement's rows together from what the server sends: Arrow streams, large ones in chunks, none left out and none twice.</summary>
internal sealed class ArrowAnswers
{
    private readonly List<ByteString> _chunks = [];
    private long _rows;

    /// <summary>The columns; null before the first answer.</summary>
    public Schema? Schema { get; private set; }

    /// <summary>Takes an answer.</summary>
    /// <returns>The batches that are whole with it.</returns>
    /// <exception cref="SparkProtocolException">Rows are missing before it, or it is not Arrow.</exception>
    public IReadOnlyList<RecordBatch> Take(ExecutePlanResponse.Types.ArrowBatch answer)
    {
        if (answer.HasStartOffset && answer.StartOffset != _rows)
        {
            throw new SparkProtocolException($"Spark sent rows from {answer.StartOffset} where rows from {_rows} were due: run the statement again.");
        }

        long chunks = answer.HasNumChunksInBatch ? answer.NumChunksInBatch : 1;
        if (answer.HasChunkIndex && answer.ChunkIndex != _chunks.Count)
        {
            throw new SparkProtocolException($"Spark sent chunk {answer.ChunkIndex} of a batch where chunk {_chunks.Count} was due: run the statement again.");
        }

        _chunks.Add(answer.Data);
        if (_chunks.Count < chunks)
        {
            return [];
        }

        ReadOnlyMemory<byte> data = Whole();
        _chunks.Clear();
        IReadOnlyList<RecordBatch> batches = Read(data);
        long rows = batches.Sum(static batch => (long)batch.Length);
        if (rows != answer.RowCount)
        {
            throw new SparkProtocolException($"Spark sent {rows} rows and said {answer.RowCount}: run the statement again.");
        }

        _rows += rows;
        return batches;
    }

    /// <summary>Reads rows that came as one Arrow stream.</summary>
    public IReadOnlyList<RecordBatch> Read(ReadOnlyMemory<byte> data)
    {
        try
        {
            using ArrowStreamReader reader = new(data);
            Schema ??= reader.Schema;
            List<RecordBatch> batches = [];
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                batches.Add(batch);
            }

            return batches;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotImplementedException or NotSupportedException or ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            throw new SparkProtocolException($"rows that Spark sent cannot be read as Arrow ({exception.Message.ReplaceLineEndings(" ")}): cast columns of unusual types in the statement, for example to STRING.", exception);
        }
    }

    private ReadOnlyMemory<byte> Whole()
    {
        if (_chunks.Count == 1)
        {
            return _chunks[0].Memory;
        }

        byte[] data = new byte[_chunks.Sum(static chunk => chunk.Length)];
        int place = 0;
        foreach (ByteString chunk in _chunks)
        {
            chunk.CopyTo(data, place);
            place += chunk.Length;
        }

        return data;
    }
}
