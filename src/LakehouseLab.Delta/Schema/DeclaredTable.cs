namespace LakehouseLab.Delta.Schema;

/// <summary>A table as it is declared, whoever makes it: what its log must say of it.</summary>
/// <param name="Name">Its name, such as <c>gold.daily_spend</c>.</param>
/// <param name="Schema">Its columns, in order.</param>
/// <param name="PartitionBy">Its partition column; null when it has none.</param>
/// <param name="Key">The columns that together identify a row; empty where no columns do.</param>
public sealed record DeclaredTable(string Name, StructType Schema, string? PartitionBy, IReadOnlyList<string> Key);
