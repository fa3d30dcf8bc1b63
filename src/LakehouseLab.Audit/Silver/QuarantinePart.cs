using System.Security.Cryptography;
using System.Text;
using LakehouseLab.Audit.Bronze;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Audit.Silver;

/// <summary>
/// The audit of the quarantine: each of its rows must be a Bronze record, as it was received and once, that is not as the world made it; and what no Silver table
/// can hold must be in it.
/// </summary>
/// <param name="store">The lake's objects.</param>
/// <param name="declaration">What its log should declare.</param>
/// <param name="domains">The Bronze tables with the Silver tables that are made of them.</param>
internal sealed class QuarantinePart(IObjectStore store, TableDeclaration declaration, IReadOnlyList<(BronzePart Bronze, SilverPart Silver)> domains) : IAuditPart
{
    private const string Id = "id";
    private const string Reason = "reason";
    private const string Emulation = "_emulation_id";

    private readonly TableColumn[] _columns = [.. declaration.Columns.Where(column => column.LogType != "binary" && column.Name != "payload")];
    private readonly TableColumn _bytes = declaration.Columns.First(column => column.LogType == "binary");
    private readonly Dictionary<QuarantineKey, List<QuarantinedRecord>> _records = [];

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Silver;

    /// <inheritdoc/>
    public Tally Tally { get; } = new(AuditLayer.Silver, declaration.Name);

    // All of it, since Bronze is asked for each of its records: shards leave it to whoever puts them together.
    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        TableScan? scan = await TableScan.OpenAsync(store, declaration, Tally, cancellationToken).ConfigureAwait(false);
        await (scan?.CheckAsync(ShardShare.Whole, Read, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task ScanAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Save(BinaryWriter state)
    {
        // It is read when it is opened.
    }

    /// <inheritdoc/>
    public void Load(BinaryReader state)
    {
        // It is read when it is opened.
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

        foreach ((BronzePart bronze, SilverPart silver) in domains)
        {
            ReportLostReplays(bronze, silver);
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
        foreach (TableColumn column in _columns)
        {
            texts[column.Name] = new string?[group.Rows];
            group.Read(column, new TextSink(texts[column.Name], all, column));
        }

        bool[] hasBytes = new bool[group.Rows];
        group.Read(_bytes, new PresenceSink(hasBytes));
        texts[_bytes.Name] = [.. hasBytes.Select(BronzeRows.BytesText)];
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
                    Judge(record, [.. rows.TextsOf(row), (Emulation, emulations[row])], payloads[row], IsSuspect(rows, row, bronze, silver));
                }
            }
            else if (!rows.IsForeign(row) && silver.HasTaken(key.Batch) && (payloads[row] is not { } payload || RecordId.TryRead(bronze.Domain.Key, payload) is null))
            {
                string place = $"{group.PlaceOf(row)} of {bronze.Tally.Name}";
                Tally.Expected++;
                Tally.Report(FindingKind.Missing, -1, finding => finding with
                {
                    Domain = bronze.Domain.Name, Place = place, Cause = "Bronze received a record without a key that can be read, which no Silver table can hold", Remedy = "run lakelab pipeline run --full-refresh",
                });
            }
        }
    }

    // What became of a repaired record must be told: it is a row, is in quarantine, or is equal to a row that came before.
    private void ReportLostReplays(BronzePart bronze, SilverPart silver)
    {
        foreach (Replay replay in bronze.Replays.Where(replay => silver.HasTaken(replay.Batch) && !silver.Replayed.Has(replay)))
        {
            if (_records.ContainsKey(new QuarantineKey(silver.TableName, replay.Batch, replay.Source, Replay.Offset)) || IsDuplicate(replay, bronze, silver))
            {
                continue;
            }

            Tally.Expected++;
            Tally.Report(FindingKind.Missing, -1, finding => finding with
            {
                Domain = bronze.Domain.Name,
                Key = RecordId.TryRead(bronze.Domain.Key, replay.Bytes)?.Text,
                Place = $"{replay.Source} of {bronze.Tally.Name}",
                Cause = $"Bronze has the repaired record, which is neither in silver.{silver.TableName} nor in quarantine",
                Remedy = "run lakelab pipeline run --full-refresh",
            });
        }
    }

    // Of a key that the world does not have the row may be another repaired record's; where there are rows of strangers, it may be one of theirs.
    private static bool IsDuplicate(Replay replay, BronzePart bronze, SilverPart silver) => bronze.RowOf(replay) is long row and >= 0
        ? !silver.IsSound(row) || bronze.IsAsMade(replay.Payload, row)
        : silver.Replayed.HasStrangers || bronze.Replays.Any(other => other.Batch < replay.Batch && silver.Replayed.Has(other) && bronze.AreEqual(other, replay));

    // Silver has no reason to refuse a repaired record that it has taken, or that is a sound row once more.
    private static bool IsSuspect(BronzeRows rows, int row, BronzePart bronze, SilverPart silver)
    {
        long domainRow = rows.DomainRowOf(row);
        return silver.Replayed.Find(rows.SourceOf(row)) is { } replay
            ? !silver.Replayed.Has(replay) && !(domainRow >= 0 && silver.IsSound(domainRow) && bronze.IsAsMade(replay.Payload, domainRow))
            : bronze.IsSuspect(domainRow);
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
