using LakehouseLab.Audit.Accounts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Accounts;

/// <summary>The delivered rows that tables have not ingested yet, by table and domain. Immutable once filled.</summary>
internal sealed class WaitingRows
{
    private readonly Dictionary<(string Table, Domain Domain), IReadOnlyList<RowRange>> _waiting = [];

    /// <summary>Adds the rows that a table waits for.</summary>
    /// <param name="table">The table.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="rows">The rows, in any order; those that were not delivered do not count.</param>
    /// <param name="delivered">The delivered rows.</param>
    public void Add(string table, Domain domain, IEnumerable<RowRange> rows, DomainRanges delivered) =>
        _waiting.Add((table, domain), [.. rows.SelectMany(delivered.Within).Select(part => part.Rows).OrderBy(range => range.FirstRow)]);

    /// <summary>The rows of a domain that a table waits for, in order.</summary>
    public IReadOnlyList<RowRange> Of(string table, Domain domain) => _waiting.GetValueOrDefault((table, domain), []);

    /// <summary>How many rows a table waits for.</summary>
    public long CountOf(string table) => TableSources.Of(table).Sum(domain => Of(table, domain).Sum(range => range.Rows));
}
