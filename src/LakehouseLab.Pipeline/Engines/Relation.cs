namespace LakehouseLab.Pipeline.Engines;

/// <summary>Rows that a session's statements can read: a table's version, some of its files, decoded records, or what a query gave.</summary>
/// <param name="Sql">What stands after FROM; an alias may follow.</param>
/// <param name="Columns">Its columns, in order.</param>
internal sealed record Relation(string Sql, IReadOnlyList<string> Columns);
