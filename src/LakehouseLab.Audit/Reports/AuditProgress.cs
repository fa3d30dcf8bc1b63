namespace LakehouseLab.Audit.Reports;

/// <summary>How far an audit is.</summary>
/// <param name="Step">What is being read, such as <c>silver.transactions</c>.</param>
/// <param name="Done">Rows that are done.</param>
/// <param name="Total">Rows in all.</param>
public readonly record struct AuditProgress(string Step, long Done, long Total);
