namespace LakehouseLab.Pipeline.Testing;

/// <summary>Rows of a table in the words of a test's author: texts by column, of which some may be left out.</summary>
/// <param name="Columns">The columns that any row states, in the order in which they first appear.</param>
/// <param name="Rows">The rows.</param>
internal sealed record FixtureRows(IReadOnlyList<string> Columns, IReadOnlyList<FixtureRow> Rows)
{
    /// <summary>No rows.</summary>
    public static FixtureRows None { get; } = new([], []);
}

/// <summary>A row of a test.</summary>
/// <param name="Place">Where it is written, for messages, such as <c>tests/spend.yaml, line 7</c>.</param>
/// <param name="Values">Its values; null stands for an absent one.</param>
internal sealed record FixtureRow(string Place, IReadOnlyDictionary<string, string?> Values);
