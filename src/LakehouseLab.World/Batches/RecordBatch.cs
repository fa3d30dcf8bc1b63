using LakehouseLab.World.Schemas;

namespace LakehouseLab.World.Batches;

/// <summary>Consecutive rows of a domain as columns, filled again and again: no allocation per row. Not thread-safe.</summary>
public sealed class RecordBatch
{
    /// <summary>Makes an empty batch.</summary>
    /// <param name="schema">The domain's schema.</param>
    /// <param name="capacity">Rows that it can hold.</param>
    /// <param name="columns">One column for each field of the schema, in its order.</param>
    public RecordBatch(DomainSchema schema, int capacity, IReadOnlyList<Column> columns)
    {
        Schema = schema;
        Capacity = capacity;
        Columns = columns;
        Rules = new FraudRule[capacity];
        Episodes = new long[capacity];
    }

    /// <summary>The domain's schema.</summary>
    public DomainSchema Schema { get; }

    /// <summary>Rows that it can hold.</summary>
    public int Capacity { get; }

    /// <summary>The columns, in the schema's order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of the first row in the domain.</summary>
    public long FirstRow { get; set; }

    /// <summary>Rows that it holds.</summary>
    public int Count { get; set; }

    /// <summary>Ground truth: per row, the rule by which it is fraudulent. Never written into a record.</summary>
    public FraudRule[] Rules { get; }

    /// <summary>Ground truth: per row, the episode that it is part of (also its legitimate rows), or 0.</summary>
    public long[] Episodes { get; }
}
