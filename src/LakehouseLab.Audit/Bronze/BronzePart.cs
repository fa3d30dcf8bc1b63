using System.Globalization;
using System.Runtime.CompilerServices;
using LakehouseLab.Audit.Ingestion;
using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Bronze;

/// <summary>The audit of a Bronze table: every delivered record once, byte for byte.</summary>
internal sealed partial class BronzePart : RecordTablePart
{
    private readonly Func<BronzeRows> _newRows;
    private readonly BronzeRows _rows;
    private readonly ChunkIndex _chunks;
    private readonly BatchTimes _times;
    private readonly RepeatedOffsets _repeated = new();
    private readonly IngestedBatches _ingested;
    private readonly ReplayedRecords _replayed;
    private readonly EmulatedWorld _world;
    private readonly IReadOnlyList<TopicReception> _receptions;
    private readonly bool[] _taken;
    private readonly int _user;
    private Dictionary<string, DisplacedRow>? _displaced;

    /// <summary>Prepares the audit.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="declaration">What the table's log should declare.</param>
    /// <param name="world">Its world.</param>
    /// <param name="ranges">The domain's ranges.</param>
    /// <param name="snapshot">The table's newest version; null when it is not there or cannot be read.</param>
    /// <param name="ingested">Which batches ingested what.</param>
    /// <param name="receptions">The topics that its messages are held against.</param>
    /// <param name="shard">Whose files are read first.</param>
    /// <param name="progress">Is told how far it is.</param>
    public BronzePart(
        Lake lake, TableDeclaration declaration, EmulatedWorld world, DomainRanges ranges, Snapshot? snapshot, IngestedBatches ingested, IReadOnlyList<TopicReception> receptions, Shard shard, IProgress<AuditProgress>? progress)
        : base(AuditLayer.Bronze, declaration, lake, world, ranges, shard, progress)
    {
        _chunks = new ChunkIndex(ranges);
        _taken = new bool[_chunks.Chunks.Length];
        _newRows = () => new BronzeRows(ranges, _chunks, world.CreateFactory(ranges.Domain), ingested);
        _ingested = ingested;
        _replayed = new ReplayedRecords(ranges.Domain, ingested);
        _times = new BatchTimes(snapshot?.Metadata.CreatedTime, ingested.StreamedFrom);
        _rows = _newRows();
        _world = world;
        _receptions = receptions;
        _user = ranges.Schema.IndexOf(ranges.Schema.Person);
        Lineage = new Lineage(ranges);
    }

    /// <summary>Where its records come from, for Silver to be held against.</summary>
    public Lineage Lineage { get; }

    /// <inheritdoc/>
    public override bool NeedsLines => true;

    /// <inheritdoc/>
    public override ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        int slot = Ranges.SlotOf(block.Batch.FirstRow + first);
        long[]? users = range.Manifest.Sync == SyncSystem.Kafka ? ((Int64Column)block.Batch.Columns[_user]).Values : null;
        for (int row = first; row < first + count; row++)
        {
            ulong key = users is null ? ValueHash.Null : PlacedRecord.KeyCodeOf(users[row]);
            Expected.Add(slot, PlacedRecord.HashOf(ValueHash.Of(block.Record(row)), block.Batch.FirstRow + row, key));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task ExamineAsync(Lake lake, BlockComparison comparison, ExpectedRecords expected, CancellationToken cancellationToken)
    {
        NoteUntaken();
        _displaced = await FindDisplacedAsync(cancellationToken).ConfigureAwait(false);
        RecordExamination examination = new(Ranges, expected, Tally, comparison.Differs);
        BronzePlaces places = new(_chunks, expected, Tally);
        await (Scan?.VisitAsync(group => Examine(group, comparison, examination, expected, places), cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        places.Report(comparison);
        foreach ((long first, long end, int range) in comparison.Differing())
        {
            examination.ReportMissing(first, end, range, _ => null);
        }
    }

    /// <summary>Whether nothing contradicts where a row says that it comes from.</summary>
    public bool IsCredible(BronzeRows rows, int row) => IsKnownIfReplayed(rows, row) && rows.IsIngested(row) && rows.OriginAt(row) is var origin && _times.Fits(origin.Batch, origin.IngestedAt);

    /// <inheritdoc/>
    private protected override async Task ExamineMoreAsync(ExpectedRecords expected, CancellationToken cancellationToken)
    {
        // Those whose rows were looked at are told.
        _displaced ??= await FindDisplacedAsync(cancellationToken).ConfigureAwait(false);
        foreach (DisplacedRow row in _displaced.Values)
        {
            Report(row.DomainRow, row.Place, row.Differences, "the topic has it otherwise", expected);
        }

        if (Ranges.AreAllAudited)
        {
            _replayed.Report(Tally);
        }

        _times.Report(Tally);
        if (_repeated.Any)
        {
            await TellRepeatedAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_times.AreMixed)
        {
            await VisitAsync((group, rows) => ExamineTimes(group, rows, expected), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (TopicReception reception in _receptions)
        {
            await reception.FindStateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // By where the rows are stored.
    private async Task<Dictionary<string, DisplacedRow>> FindDisplacedAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, DisplacedRow> displaced = new(StringComparer.Ordinal);
        foreach (TopicReception reception in _receptions)
        {
            ReceptionExamination examination = new(reception, new TopicSource(Ranges, _world.CreateFactory(Ranges.Domain)), Ranges, Tally);
            foreach (DisplacedRow row in await examination.FindAsync(VisitAsync, cancellationToken).ConfigureAwait(false))
            {
                displaced[row.Place] = row;
            }
        }

        return displaced;
    }

    /// <summary>Reads the table once more for another part of the audit, which may do so while this one does.</summary>
    /// <param name="visit">Sees some rows.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task VisitAsync(Action<TableGroup, BronzeRows> visit, CancellationToken cancellationToken)
    {
        BronzeRows rows = _newRows();
        return Scan?.Beside().VisitAsync(
            group =>
            {
                rows.ReadOrigins(group);
                rows.ReadHashes(group);
                visit(group, rows);
            },
            cancellationToken) ?? Task.CompletedTask;
    }

    private bool IsKnownIfReplayed(BronzeRows rows, int row) => !rows.IsReplay(row) || _ingested.Replays.ContainsKey(rows.SourceOf(row));

    private void NoteUntaken()
    {
        int audited = _chunks.Chunks.Count(chunk => Ranges.Ranges[chunk.Range].IsAudited);
        int untaken = _chunks.Chunks.Where((chunk, number) => Ranges.Ranges[chunk.Range].IsAudited && !_taken[number]).Count();
        if (untaken > 0)
        {
            Tally.Note($"nothing of {untaken} of {audited} chunks is in it: if the pipeline has not run since they were delivered, run it");
        }
    }

    /// <inheritdoc/>
    // Called once per row group: it must not wait for the tiers of the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Sum(TableGroup group)
    {
        Lineage.HasBronze = true;
        _rows.ReadOrigins(group);
        _rows.ReadHashes(group);
        bool hasReplays = false;
        for (int row = 0; row < _rows.Count; row++)
        {
            bool isReplay = _rows.IsReplay(row);
            hasReplays |= isReplay;
            if (_rows.ChunkOf(row) is int chunk and >= 0)
            {
                _taken[chunk] = true;
            }

            if (IsKnownIfReplayed(_rows, row) && _rows.IsIngested(row) && _rows.OriginAt(row) is { Batch: >= 0, IngestedAt: >= 0 } origin)
            {
                _times.Note(origin.Batch, origin.IngestedAt, group.File.ModificationTime);
            }

            if (isReplay)
            {
                continue;
            }

            AddReceived(row);
            if (_rows.IsForeign(row))
            {
                Tally.FindForeign(1);
                continue;
            }

            DeliveredRange? emulation = _rows.EmulationOf(row);
            if (emulation is { IsAudited: false })
            {
                continue;
            }

            long domainRow = _rows.DomainRowOf(row, emulation);
            if (domainRow < 0)
            {
                HasOthers = true;
                continue;
            }

            int slot = Ranges.SlotOf(domainRow);
            Found.Add(slot, _rows.HashOf(row, domainRow, emulation!));
            Lineage.Bronze.Add(slot, Lineage.HashOf(domainRow, _rows.OriginHashOf(row)));
        }

        if (hasReplays)
        {
            _replayed.Note(group, _rows);
        }
    }

    private void Examine(TableGroup group, BlockComparison comparison, RecordExamination examination, ExpectedRecords expected, BronzePlaces places)
    {
        _rows.ReadOrigins(group);
        _rows.ReadHashes(group);
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            long domainRow = _rows.DomainRowOf(row);
            wanted[row] = !_rows.IsForeign(row) && !_rows.IsReplay(row) && (_rows.EmulationOf(row) is { } emulation ? emulation.IsAudited && (domainRow < 0 || comparison.Differs(domainRow)) : Ranges.AreAllAudited);
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        byte[]?[] records = BronzeRows.ReadBytes(group, wanted);
        string?[] keys = BronzeRows.ReadKeys(group, wanted);
        for (int row = 0; row < group.Rows; row++)
        {
            if (wanted[row])
            {
                Examine(group, row, records[row] ?? [], keys[row], examination, expected, places);
            }
        }
    }

    private void Examine(TableGroup group, int row, byte[] record, string? key, RecordExamination examination, ExpectedRecords expected, BronzePlaces places)
    {
        string Place() => $"{group.PlaceOf(row)}, from {_rows.OriginOf(row)}";
        if (_rows.EmulationOf(row) is { } emulation)
        {
            // A message that was ingested twice is Bronze's fault, one that was written twice is not.
            bool mayRepeat = emulation.Manifest.Delivery == DeliveryGuarantee.AtLeastOnce && _rows.IsNewMessage(row);
            long domainRow = RowOf(record, expected);
            IReadOnlyCollection<ColumnDifference> beside = _rows.DifferencesOf(row, domainRow, key, domainRow < 0 ? null : UserOf(domainRow, expected));
            if (_displaced is not null && _displaced.Remove(group.PlaceOf(row), out DisplacedRow? displaced))
            {
                // What follows from a wrong place is not told beside it.
                beside = displaced.Differences;
            }

            int range = examination.Examine(record, Place, mayRepeat, beside);
            Tally.Find(range, 1);
            NotePlace(row, domainRow, emulation, places, group.PlaceOf(row));
            return;
        }

        Tally.Find(-1, 1);
        Tally.Report(FindingKind.Unexpected, -1, finding => finding with
        {
            Key = RecordId.TryRead(Ranges.Domain.Key, record)?.Text,
            Place = Place(),
            Cause = "no emulation of this lake made it",
        });
    }

    private void ExamineTimes(TableGroup group, BronzeRows rows, ExpectedRecords expected)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.OriginAt(row) is not { Batch: >= 0, IngestedAt: >= 0 } origin || !rows.IsIngested(row) || _times.Fits(origin.Batch, origin.IngestedAt))
            {
                continue;
            }

            string cause = FormattableString.Invariant($"the records of batch {origin.Batch} were ingested at one instant");
            Report(rows.IsForeign(row) ? -1 : rows.DomainRowOf(row), group.PlaceOf(row), [_times.DifferenceOf(origin.Batch, origin.IngestedAt)], cause, expected);
        }
    }

    private void Report(long domainRow, string place, IReadOnlyCollection<ColumnDifference> differences, string cause, ExpectedRecords expected) =>
        Tally.Report(FindingKind.Altered, domainRow < 0 ? -1 : Ranges.Find(domainRow), finding => (finding with
        {
            Row = domainRow < 0 ? null : domainRow, Key = domainRow < 0 ? null : expected.IdOf(domainRow), Place = place, Cause = cause,
        }).With(differences));

    // What the topic still has tells which of them it is; the same message twice is told by its row.
    private async Task TellRepeatedAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, List<(string Place, MessageContent Content)>> found = new(StringComparer.Ordinal);
        await VisitAsync(
            (group, rows) =>
            {
                for (int row = 0; row < rows.Count; row++)
                {
                    if (_repeated.Has(rows.SourceOf(row), rows.OffsetOf(row)) && !_receptions.Any(reception => reception.Topic == rows.TopicOf(row) && reception.Has(rows.PartitionOf(row), rows.OffsetOf(row))))
                    {
                        List<(string, MessageContent)> same = found.GetValueOrDefault(rows.OriginOf(row)) ?? [];
                        same.Add((group.PlaceOf(row), rows.ContentOf(row)));
                        found[rows.OriginOf(row)] = same;
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        foreach ((string origin, List<(string Place, MessageContent Content)> same) in found.Where(pair => pair.Value.DistinctBy(row => row.Content).Count() > 1))
        {
            Tally.Report(FindingKind.Contradictory, finding => finding with
            {
                Place = string.Join(" and ", same.Select(row => row.Place)), Column = "_offset", Found = origin, Cause = "two records say that they are the message of one offset, and the topic does not keep it any more or was not read",
            });
        }
    }

    private void AddReceived(int row)
    {
        if (_rows.TopicOf(row) is not null)
        {
            _repeated.Note(_rows, row);
        }

        foreach (TopicReception reception in _receptions)
        {
            if (_rows.TopicOf(row) == reception.Topic)
            {
                reception.AddReceived(_rows.PartitionOf(row), _rows.OffsetOf(row), _rows.ContentOf(row));
            }
        }
    }

    private void NotePlace(int row, long domainRow, DeliveredRange emulation, BronzePlaces places, string place)
    {
        if (emulation.Manifest.Sync == SyncSystem.Kafka)
        {
            return;
        }

        if (domainRow < 0)
        {
            places.AddOther(_rows.ChunkOf(row));
            return;
        }

        string source = _rows.SourceOf(row);
        places.Add(domainRow, _rows.ChunkOf(row), _rows.OffsetOf(row), () => (place, source));
    }

    // The audited row whose key a record has; -1 for none.
    private long RowOf(byte[] record, ExpectedRecords expected)
    {
        long row = RecordId.TryRead(Ranges.Domain.Key, record) is { } id ? expected.Factory.FindRow(id.Key) : -1;
        return row >= 0 && Ranges.Find(row) is int range and >= 0 && Ranges.Ranges[range].IsAudited ? row : -1;
    }

    private string UserOf(long row, ExpectedRecords expected) =>
        ((Int64Column)expected.BlockOf(row).Batch.Columns[_user]).Values[ExpectedRecords.PlaceOf(row)].ToString(CultureInfo.InvariantCulture);
}
