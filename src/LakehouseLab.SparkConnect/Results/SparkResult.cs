using Apache.Arrow;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>All rows of a statement that is complete.</summary>
public sealed class SparkResult : IDisposable
{
    internal SparkResult(Schema schema, IReadOnlyList<RecordBatch> batches)
    {
        Schema = schema;
        Batches = batches;
        RowCount = batches.Sum(static batch => (long)batch.Length);
    }

    /// <summary>The columns.</summary>
    public Schema Schema { get; }

    /// <summary>The rows as Arrow has them, in order.</summary>
    public IReadOnlyList<RecordBatch> Batches { get; }

    /// <summary>How many rows there are.</summary>
    public long RowCount { get; }

    /// <summary>The rows one by one, for small results.</summary>
    public IEnumerable<SparkRow> Rows => Batches.SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => new SparkRow(batch, row)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordBatch batch in Batches)
        {
            batch.Dispose();
        }
    }
}
