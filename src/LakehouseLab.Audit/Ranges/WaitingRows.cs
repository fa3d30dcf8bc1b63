using LakehouseLab.Audit.Accounts;
using LakehouseLab.Emulation;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Ranges;

/// <summary>The delivered rows that tables have not ingested yet, by table and domain. Immutable.</summary>
internal sealed class WaitingRows
{
    private readonly Dictionary<(string Table, DomainSchema Domain), IReadOnlyList<RowRange>> _waiting = [];

    private WaitingRows()
    {
    }

    /// <summary>Finds them.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="domains">The delivered rows.</param>
    /// <param name="accounts">What the lake says of itself.</param>
    /// <param name="intake">How far the tables have got.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<WaitingRows> FindAsync(
        IEnumerable<string> tables, IReadOnlyList<DomainRanges> domains, LakeAccounts accounts, Intake intake, CancellationToken cancellationToken)
    {
        WaitingRows rows = new();
        foreach (string table in tables)
        {
            foreach (DomainSchema domain in TableSources.Of(table))
            {
                long batch = await intake.FindBatchAsync(table, domain, cancellationToken).ConfigureAwait(false);
                HashSet<Guid> audited = [.. domains.First(ranges => ranges.Schema == domain).Ranges.Where(range => range.IsAudited).Select(range => range.Manifest.Id)];
                List<RowRange> waiting = [.. accounts.Emulations
                    .Where(emulation => audited.Contains(emulation.Manifest.Id))
                    .SelectMany(emulation => intake.WaitingOf(domain, emulation, batch))
                    .Where(range => range.Rows > 0)
                    .OrderBy(range => range.FirstRow)];
                rows._waiting.Add((table, domain), waiting);
            }
        }

        return rows;
    }

    /// <summary>The rows of a domain that a table waits for, in order.</summary>
    public IReadOnlyList<RowRange> Of(string table, DomainSchema domain) => _waiting.GetValueOrDefault((table, domain), []);

    /// <summary>How many rows a table waits for.</summary>
    public long CountOf(string table) => TableSources.Of(table).Sum(domain => Of(table, domain).Sum(range => range.Rows));
}
