namespace LakehouseLab.Pipeline.Engines;

/// <summary>Rows that are written and wait for their commit.</summary>
/// <param name="Write">What they are to do to their table.</param>
/// <param name="Rows">How many there are, with those that had to be written again beside them.</param>
internal abstract record StagedRows(TableWrite Write, long Rows)
{
    /// <summary>Whether a commit would change the table.</summary>
    public abstract bool ChangesTable { get; }

    /// <summary>Rows without a value in a column.</summary>
    public abstract long NullsOf(string column);
}
