using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>The rows of a domain that are in quarantine, with why.</summary>
/// <param name="store">The lake's objects.</param>
/// <param name="declaration">What the log of the quarantine should declare.</param>
/// <param name="domain">The domain.</param>
/// <param name="factory">Finds rows by keys.</param>
internal sealed class QuarantinedRows(IObjectStore store, TableDeclaration declaration, Domain domain, IDataFactory factory)
{
    private static readonly TableColumn s_table = new("table_name", FieldType.Text);
    private static readonly TableColumn s_reason = new("reason", FieldType.Text);
    private static readonly TableColumn s_payload = new("payload", FieldType.Text);

    private readonly Dictionary<long, string> _reasons = [];
    private readonly HashSet<(long Batch, string Source, long Offset)> _origins = [];

    /// <summary>Reads the quarantine.</summary>
    /// <param name="tally">Is told of files that cannot be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ReadAsync(Tally tally, CancellationToken cancellationToken)
    {
        Tally own = new(AuditLayer.Silver, declaration.Name);
        TableScan? scan = await TableScan.OpenAsync(store, declaration, own, cancellationToken).ConfigureAwait(false);
        await (scan?.VisitAsync(Read, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        foreach (Finding finding in own.Wholes)
        {
            tally.Damage(finding.Place!, finding.Cause!, finding.Remedy);
        }
    }

    /// <summary>Why a row is in quarantine; null when it is not.</summary>
    public string? ReasonOf(long row) => _reasons.TryGetValue(row, out string? reason) ? $"quarantined: {reason}" : null;

    /// <summary>Whether a record is in quarantine.</summary>
    public bool Has(RecordOrigin origin) => _origins.Contains((origin.Batch, origin.Source, origin.Offset));

    private void Read(TableGroup group)
    {
        bool[] all = new bool[group.Rows];
        Array.Fill(all, true);
        string?[] tables = new string?[group.Rows];
        string?[] reasons = new string?[group.Rows];
        byte[]?[] payloads = new byte[]?[group.Rows];
        group.Read(s_table, new TextSink(tables, all, s_table));
        group.Read(s_reason, new TextSink(reasons, all, s_reason));
        group.Read(s_payload, new BytesSink(payloads, all));
        string?[] sources = new string?[group.Rows];
        long[] batches = new long[group.Rows];
        long[] offsets = new long[group.Rows];
        group.Read(TableDeclaration.Lineage[0], new NumberSink(batches, -1));
        group.Read(TableDeclaration.Lineage[1], new TextSink(sources, all, TableDeclaration.Lineage[1]));
        group.Read(TableDeclaration.Lineage[2], new NumberSink(offsets, -1));
        for (int row = 0; row < group.Rows; row++)
        {
            if (tables[row] != domain.SilverTable)
            {
                continue;
            }

            _origins.Add((batches[row], sources[row] ?? "", offsets[row]));
            if (payloads[row] is { } payload && RecordId.TryRead(domain.Key, payload) is { } id && factory.FindRow(id.Key) is long domainRow and >= 0)
            {
                _reasons[domainRow] = reasons[row] ?? "";
            }
        }
    }
}
