using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Engines;

/// <summary>What new rows are to do to a table.</summary>
/// <param name="Base">The version that is changed.</param>
/// <param name="Replaced">Whose place the rows take.</param>
internal sealed record TableWrite(TableVersion Base, ReplacedRows Replaced)
{
    /// <summary>The table's columns.</summary>
    public StructType Schema => Base.Snapshot.Metadata.Schema;

    /// <summary>Its partition column, or null.</summary>
    public string? PartitionBy => Base.Snapshot.Metadata.PartitionColumns is [string column] ? column : null;
}

/// <summary>The rows of a table whose place new rows take.</summary>
internal abstract record ReplacedRows
{
    private ReplacedRows()
    {
    }

    /// <summary>None: the new rows are appended.</summary>
    public static ReplacedRows Nothing { get; } = new None();

    /// <summary>All.</summary>
    public static ReplacedRows Everything { get; } = new All();

    /// <summary>No rows.</summary>
    public sealed record None : ReplacedRows;

    /// <summary>All rows.</summary>
    public sealed record All : ReplacedRows;

    /// <summary>Those of some partitions.</summary>
    /// <param name="Values">The partitions' values, as the log spells them.</param>
    public sealed record Partitions(IReadOnlySet<string> Values) : ReplacedRows;

    /// <summary>Those of some days.</summary>
    /// <param name="Values">The partitions that have such rows, as the log spells their values.</param>
    /// <param name="Column">The DATE or TIMESTAMP column that tells a row's day.</param>
    /// <param name="Spans">The days, in order; both ends of a span belong to it.</param>
    /// <param name="Condition">The condition that such rows fulfil.</param>
    public sealed record Days(IReadOnlySet<string> Values, string Column, IReadOnlyList<(DateOnly First, DateOnly Last)> Spans, string Condition) : ReplacedRows;

    /// <summary>Those of some keys.</summary>
    /// <param name="Touched">The keys, each once, in the key's columns.</param>
    public sealed record Keys(Relation Touched) : ReplacedRows;
}
