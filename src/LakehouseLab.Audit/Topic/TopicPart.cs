using LakehouseLab.Audit.Parts;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Values;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.World;
using LakehouseLab.World.Batches;

namespace LakehouseLab.Audit.Topic;

/// <summary>
/// The audit of a domain's records in one topic, as readers of committed records see them: sums of hashes per block of the
/// world's rows are compared, and the topic is read again for the blocks that differ.
/// </summary>
internal sealed class TopicPart : IAuditPart, IRowObserver
{
    private const int MessagesPerReport = 8192;

    private readonly EmulatedWorld _world;
    private readonly DomainRanges _ranges;
    private readonly string _topic;
    private readonly ITopicLog _log;
    private readonly TopicSource _source;
    private readonly Shard _shard;
    private readonly BlockSums _expected;
    private readonly BlockSums _found;
    private readonly IProgress<AuditProgress>? _progress;
    private readonly int _user;
    private readonly TopicReception _reception;
    private MessagePlaces? _places;
    private TopicState? _state;
    private bool _hasOthers;
    private long _pending;

    /// <summary>Prepares the audit.</summary>
    /// <param name="reception">What Bronze received of the topic.</param>
    /// <param name="log">The cluster.</param>
    /// <param name="world">The world.</param>
    /// <param name="ranges">The domain's ranges, of which those are looked at whose records are in the topic.</param>
    /// <param name="shard">Whose partitions are read first; all are read again for what differs.</param>
    /// <param name="progress">Is told how far it is.</param>
    public TopicPart(TopicReception reception, ITopicLog log, EmulatedWorld world, DomainRanges ranges, Shard shard, IProgress<AuditProgress>? progress)
    {
        _shard = shard;
        _reception = reception;
        _topic = reception.Topic;
        _log = log;
        _world = world;
        _ranges = ranges;
        _source = new TopicSource(ranges, world.CreateFactory(ranges.Domain));
        _expected = new BlockSums(ranges.Slots);
        _found = new BlockSums(ranges.Slots);
        _progress = progress;
        _user = ranges.Schema.IndexOf(ranges.Schema.Person);
        Tally = new Tally(AuditLayer.Topic, $"topic/{_topic}", ranges);
    }

    /// <inheritdoc/>
    public AuditLayer Layer => AuditLayer.Topic;

    /// <inheritdoc/>
    public Tally Tally { get; }

    /// <inheritdoc/>
    public bool NeedsLines => true;

    /// <inheritdoc/>
    public ValueTask ObserveAsync(DeliveredRange range, ExpectedBlock block, int first, int count, CancellationToken cancellationToken)
    {
        if (_ranges.Ranges[range.Index].IsAudited)
        {
            int slot = _ranges.SlotOf(block.Batch.FirstRow + first);
            long[] users = ((Int64Column)block.Batch.Columns[_user]).Values;
            for (int row = first; row < first + count; row++)
            {
                _expected.Add(slot, PlacedRecord.HashOf(ValueHash.Of(block.Record(row)), block.Batch.FirstRow + row, PlacedRecord.KeyCodeOf(users[row])));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        // The sums are complete with the last row.
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _state = await _reception.FindStateAsync(cancellationToken).ConfigureAwait(false);
        NoteState();
        await AdvanceAsync(cancellationToken).ConfigureAwait(false);
        _places = new MessagePlaces(_ranges, Math.Max(1, _state?.Partitions.Count ?? 0), _world.Settings.Users);
    }

    /// <inheritdoc/>
    public Task ScanAsync(CancellationToken cancellationToken)
    {
        Read(_shard, Sum, cancellationToken);
        _pending = _source.Pending;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter state)
    {
        Tally.Save(state);
        _expected.Save(state);
        _found.Save(state);
        _reception.Sent.Save(state);
        state.Write(_pending);
        state.Write(_hasOthers);
        state.Write(_places!.IsSuspect);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader state)
    {
        Tally.Load(state);
        _expected.Load(state);
        _found.Load(state);
        _reception.Sent.Load(state);
        _pending += state.ReadInt64();
        _hasOthers |= state.ReadBoolean();
        if (state.ReadBoolean())
        {
            _places!.Suspect();
        }
    }

    /// <inheritdoc/>
    public Task ExamineAsync(CancellationToken cancellationToken)
    {
        if (_pending > 0)
        {
            Tally.Note(FormattableString.Invariant($"{_pending:#,0} records are behind the positions of emulations that have not ended, which write them again as at_least_once permits; they are not counted"));
        }

        BlockComparison comparison = new(_ranges, _expected, _found);
        comparison.CountAgreeing(Tally);
        if (comparison.AnyDiffers || _hasOthers || _places is { IsSuspect: true })
        {
            ExpectedRecords expected = new(_world, _ranges);
            RecordExamination examination = new(_ranges, expected, Tally, comparison.Differs);
            Read(ShardShare.Whole, (in TopicMessage message) => _places!.Learn(message, _source.RowOf(message)), cancellationToken);
            _places!.Begin();
            Read(ShardShare.Whole, (in TopicMessage message) => Examine(message, comparison, examination, expected), cancellationToken);
            foreach ((long first, long end, int range) in comparison.Differing())
            {
                examination.ReportMissing(first, end, range, _ => null);
            }
        }

        return Task.CompletedTask;
    }

    private delegate void Visit(in TopicMessage message);

    // Both passes read the same offsets, whatever is written meanwhile.
    private void Read(Shard shard, Visit visit, CancellationToken cancellationToken)
    {
        OffsetSpan[] spans = [.. (_state?.Partitions ?? []).Where(partition => partition.Start < partition.End && shard.Takes(partition.Partition)).Select(partition => new OffsetSpan(partition.Partition, partition.Start, partition.End))];
        if (spans.Length == 0)
        {
            return;
        }

        using ITopicReader reader = _log.Open(_topic, spans);
        for (long done = 1; reader.TryRead(out TopicMessage message, cancellationToken); done++)
        {
            visit(message);
            if (done % MessagesPerReport == 0)
            {
                _progress?.Report(new AuditProgress(Tally.Name, done, Math.Max(done, Tally.Expected)));
            }
        }
    }

    // The topic's state is read after the ranges, and an emulation may have delivered in between.
    private async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        foreach (Manifest manifest in Emulations().Where(manifest => !manifest.IsEnded))
        {
            if (await _log.FindPositionAsync(_topic, manifest.Id, cancellationToken).ConfigureAwait(false) is { } position)
            {
                _source.Advance(manifest.Id, position);
            }
        }
    }

    private IEnumerable<Manifest> Emulations() => _ranges.Ranges.Where(range => range.IsAudited).Select(range => range.Manifest).DistinctBy(manifest => manifest.Id);

    private void NoteState()
    {
        foreach (Manifest manifest in Emulations())
        {
            if (manifest.PlaceId is { } id && _state is not null && _state.Id != id)
            {
                Tally.Report(FindingKind.Missing, finding => finding with { Place = $"topic {_topic}", Cause = $"it was deleted and recreated since emulation {manifest.Id} delivered to it" });
            }

            if (!manifest.IsEnded)
            {
                Tally.Note(FormattableString.Invariant($"emulation {manifest.Id} has not ended: what it delivered so far is looked at"));
            }
        }

        if (_state is null && Tally.Expected > 0)
        {
            Tally.Report(FindingKind.Missing, finding => finding with { Place = $"topic {_topic}", Cause = "it does not exist" });
        }

        foreach (PartitionState partition in (_state?.Partitions ?? []).Where(partition => partition.Start > 0))
        {
            Tally.Note(FormattableString.Invariant($"{_topic}-{partition.Partition} keeps no records before offset {partition.Start}: retention or somebody deleted them"));
        }
    }

    private void Sum(in TopicMessage message)
    {
        _reception.AddSent(message);
        long row = _source.RowOf(message);
        if (row >= 0)
        {
            _found.Add(_ranges.SlotOf(row), PlacedRecord.HashOf(ValueHash.Of(message.Value), row, PlacedRecord.KeyCodeOf(message.Key)));
            _places!.Note(message, row);
        }
        else if (row == TopicSource.Foreign)
        {
            Tally.FindForeign(1);
        }
        else
        {
            _hasOthers |= row == TopicSource.None;
        }
    }

    private void Examine(in TopicMessage message, BlockComparison comparison, RecordExamination examination, ExpectedRecords expected)
    {
        long row = _source.RowOf(message);
        if (row is TopicSource.Ignored or TopicSource.Foreign || (row == TopicSource.None && !_ranges.AreAllAudited))
        {
            return;
        }

        TopicMessage seen = message;
        string Place() => FormattableString.Invariant($"{_topic}-{seen.Partition}@{seen.Offset}");
        IReadOnlyList<ColumnDifference> beside = row < 0 ? [] : _places!.DifferencesOf(message, row, UserOf(row, expected));
        if (row >= 0 && !comparison.Differs(row))
        {
            if (beside.Count > 0)
            {
                Tally.Report(FindingKind.Altered, _ranges.Find(row), finding => (finding with { Row = row, Key = expected.IdOf(row), Place = Place() }).With(beside));
            }
        }
        else if (message.Header is null && message.Value is not null)
        {
            Tally.Find(examination.Examine(message.Value, Place, mayRepeat: true, beside), 1);
        }
        else if (row >= 0)
        {
            Tally.Find(examination.ExamineRow(row, message.Value, Place, mayRepeat: true, beside), 1);
        }
        else
        {
            Tally.Find(-1, 1);
            string? id = RecordId.TryRead(_ranges.Domain.Key, message.Value)?.Text;
            Tally.Report(FindingKind.Unexpected, -1, finding => finding with { Key = id, Place = Place(), Cause = CauseOf(seen.Header) });
        }
    }

    private long UserOf(long row, ExpectedRecords expected) => ((Int64Column)expected.BlockOf(row).Batch.Columns[_user]).Values[ExpectedRecords.PlaceOf(row)];

    private static string CauseOf(RecordHeader? header) => header is { } made
        ? FormattableString.Invariant($"its header says row {made.Row} of emulation {made.Emulation}, which this lake did not deliver here")
        : "a tombstone";
}
