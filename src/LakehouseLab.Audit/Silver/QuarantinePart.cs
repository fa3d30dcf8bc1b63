using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Storage;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Silver;

/// <summary>
/// The audit of the quarantine: each of its rows must be a Bronze record, as it was received and once, that is not as the world made it; and what no Silver table
/// can hold must be in it.
/// </summary>
/// <param name="store">The lake's objects.</param>
/// <param name="domains">The Bronze tables with the Silver tables that are made of them.</param>
internal sealed class QuarantinePart(IObjectStore store, IReadOnlyList<(BronzePart Bronze, SilverPart Silver)> domains) : IAuditPart
{
    private const string Id = "id";
    private const string Reason = "reason";
    private const string Emulation = "_emulation_id";

    private static readonly TableColumn[] s_columns = [.. TableDeclaration.Quarantine.Columns.Where(column => column.LogType != "binary" && column.Name != "payload")];

    private static readonly TableColumn s_bytes = TableDeclaration.Quarantine.Columns.First(column => column.LogType == "binary");

    private readonly Dictionary<QuarantineKey, List<QuarantinedRecord>> _records = [];

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Silver;

    /// <inheritdoc/>
    public Tally Tally { get; } = new(AuditLayer.Silver, TableDeclaration.Quarantine.Name);

    /// <inheritdoc/>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        TableScan? scan = await TableScan.OpenAsync(store, TableDeclaration.Quarantine, Tally, cancellationToken).ConfigureAwait(false);
        await (scan?.CheckAsync(Read, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ExamineAsync(CancellationToken cancellationToken)
    {
        foreach ((BronzePart bronze, SilverPart silver) in domains)
        {
            if (bronze.HasSuspects || _records.Keys.Any(key => key.Table == silver.TableName))
            {
                await bronze.VisitAsync((group, rows) => Compare(group, rows, bronze, silver), cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (QuarantinedRecord record in _records.Values.SelectMany(records => records))
        {
            Tally.Find(-1, 1);
            Tally.Expected += record.IsRefused && record == _records[record.Key][0] ? 1 : 0;
            if (!record.IsRefused)
            {
                Tally.Report(FindingKind.Unexpected, -1, finding => record.Complete(finding) with { Cause = record.Cause });
            }
            else if (record != _records[record.Key][0])
            {
                Tally.Report(FindingKind.Duplicated, -1, record.Complete);
            }
        }
    }

    private void Read(TableGroup group)
    {
        bool[] all = new bool[group.Rows];
        Array.Fill(all, true);
        byte[]?[] payloads = BronzeRows.ReadBytes(group, all);
        long[] batches = new long[group.Rows];
        long[] offsets = new long[group.Rows];
        group.Read(TableDeclaration.Lineage[0], new NumberSink(batches, -1));
        group.Read(TableDeclaration.Lineage[2], new NumberSink(offsets, -1));
        Dictionary<string, string?[]> texts = [];
        foreach (TableColumn column in s_columns)
        {
            texts[column.Name] = new string?[group.Rows];
            group.Read(column, new TextSink(texts[column.Name], all, column));
        }

        bool[] hasBytes = new bool[group.Rows];
        group.Read(s_bytes, new PresenceSink(hasBytes));
        texts[s_bytes.Name] = [.. hasBytes.Select(BronzeRows.BytesText)];
        for (int row = 0; row < group.Rows; row++)
        {
            QuarantineKey key = new(texts["table_name"][row] ?? "", batches[row], texts["_source"][row] ?? "", offsets[row]);
            if (!_records.TryGetValue(key, out List<QuarantinedRecord>? records))
            {
                records = [];
                _records.Add(key, records);
            }

            records.Add(new QuarantinedRecord(key, payloads[row], texts.ToDictionary(column => column.Key, column => column.Value[row]), group.PlaceOf(row)));
        }
    }

    private void Compare(TableGroup group, BronzeRows rows, BronzePart bronze, SilverPart silver)
    {
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            wanted[row] = rows.EmulationOf(row) is not { IsAudited: false } && (bronze.IsSuspect(rows.DomainRowOf(row)) || _records.ContainsKey(KeyOf(rows, row, silver)));
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        byte[]?[] payloads = BronzeRows.ReadBytes(group, wanted);
        string?[] emulations = BronzeRows.ReadEmulations(group, wanted);
        for (int row = 0; row < group.Rows; row++)
        {
            if (!wanted[row])
            {
                continue;
            }

            QuarantineKey key = KeyOf(rows, row, silver);
            if (_records.TryGetValue(key, out List<QuarantinedRecord>? records))
            {
                foreach (QuarantinedRecord record in records)
                {
                    Judge(record, [.. rows.TextsOf(row), (Emulation, emulations[row])], payloads[row], bronze.IsSuspect(rows.DomainRowOf(row)));
                }
            }
            else if (!rows.IsForeign(row) && silver.HasTaken(key.Batch) && (payloads[row] is not { } payload || RecordId.TryRead(bronze.Schema, payload) is null))
            {
                string place = $"{group.PlaceOf(row)} of {bronze.Tally.Name}";
                Tally.Expected++;
                Tally.Report(FindingKind.Missing, -1, finding => finding with
                {
                    Domain = bronze.Schema.Domain, Place = place, Cause = "Bronze received a record without a key that can be read, which no Silver table can hold", Remedy = "run lakelab pipeline run --full-refresh",
                });
            }
        }
    }

    private void Judge(QuarantinedRecord record, IEnumerable<(string Column, string? Text)> texts, byte[]? payload, bool isSuspect)
    {
        record.IsRefused = isSuspect;
        if (!isSuspect)
        {
            record.Cause = "the record in Bronze is as the world made it, and Silver has no reason to refuse it";
            return;
        }

        List<ColumnDifference> differences = [.. texts
            .Append((Column: Id, Text: IdOf(record.Key)))
            .Select(text => new ColumnDifference(text.Column, text.Text, record.Texts[text.Column]))
            .Where(difference => difference.Expected != difference.Found)];
        if (string.IsNullOrEmpty(record.Texts[Reason]))
        {
            differences.Add(new ColumnDifference(Reason, "a reason", record.Texts[Reason]));
        }

        if (!(payload ?? []).AsSpan().SequenceEqual(record.Payload ?? []))
        {
            differences.Add(new ColumnDifference("payload", JsonDifference.Shorten(payload ?? []), JsonDifference.Shorten(record.Payload ?? [])));
        }

        if (differences.Count > 0)
        {
            Tally.Report(FindingKind.Altered, -1, finding => (record.Complete(finding) with { Cause = "the record in Bronze is another" }).With(differences));
        }
    }

    private static QuarantineKey KeyOf(BronzeRows rows, int row, SilverPart silver)
    {
        RecordOrigin origin = rows.OriginAt(row);
        return new QuarantineKey(silver.TableName, origin.Batch, origin.Source, origin.Offset);
    }

    // Names a record, and protects nothing.
#pragma warning disable CA5351
    private static string IdOf(QuarantineKey key) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{key.Table}:{key.Batch}:{key.Source}:{key.Offset}"))));
#pragma warning restore CA5351
}
