using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>The rows of a domain that are in quarantine, with why.</summary>
internal sealed class QuarantinedRows(IObjectStore store, DomainSchema schema, IDataFactory factory)
{
    private static readonly TableColumn s_table = new("table_name", FieldType.Text);
    private static readonly TableColumn s_reason = new("reason", FieldType.Text);
    private static readonly TableColumn s_payload = new("payload", FieldType.Text);

    private readonly Dictionary<long, string> _reasons = [];

    /// <summary>Reads the quarantine.</summary>
    /// <param name="tally">Is told of files that cannot be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task ReadAsync(Tally tally, CancellationToken cancellationToken)
    {
        Tally own = new(AuditLayer.Silver, "silver.quarantine");
        TableScan? scan = await TableScan.OpenAsync(store, TableDeclaration.Quarantine, own, cancellationToken).ConfigureAwait(false);
        await (scan?.VisitAsync(Read, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        foreach (Finding finding in own.Wholes)
        {
            tally.Damage(finding.Place!, finding.Cause!, finding.Remedy);
        }
    }

    /// <summary>Why a row is in quarantine; null when it is not.</summary>
    public string? ReasonOf(long row) => _reasons.TryGetValue(row, out string? reason) ? $"quarantined: {reason}" : null;

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
        for (int row = 0; row < group.Rows; row++)
        {
            // The table is the Silver one, which may be named after its history.
            if (tables[row]?.StartsWith(schema.Table, StringComparison.Ordinal) == true && payloads[row] is { } payload
                && RecordId.TryRead(schema, payload) is { } id && factory.FindRow(id.Key) is long domainRow and >= 0)
            {
                _reasons[domainRow] = reasons[row] ?? "";
            }
        }
    }
}
