using System.Globalization;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Topic;
using LakehouseLab.Audit.Values;
using LakehouseLab.Emulation.Delivery;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit.Bronze;

/// <summary>Holds rows of Bronze against the messages of a topic, in the blocks of offsets where they differ. Not thread-safe.</summary>
/// <param name="reception">What was sent and received.</param>
/// <param name="source">Tells which row a message is.</param>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="tally">Where findings go.</param>
internal sealed class ReceptionExamination(TopicReception reception, TopicSource source, DomainRanges ranges, Tally tally)
{
    // So many differ only where all of a topic does.
    private const int MaxBlocks = 64;

    private readonly Dictionary<(int Partition, long Offset), Sent> _sent = [];
    private readonly HashSet<ulong> _values = [];
    private readonly List<Received> _received = [];
    private HashSet<(int Partition, long Block)> _blocks = [];

    /// <summary>Finds rows that are not what was sent at their offsets.</summary>
    /// <param name="visit">Reads Bronze.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<DisplacedRow>> FindAsync(Func<Action<TableGroup, BronzeRows>, CancellationToken, Task> visit, CancellationToken cancellationToken)
    {
        IReadOnlyList<(int Partition, long Block)> differing = reception.Differing();
        if (differing.Count == 0)
        {
            return [];
        }

        _blocks = [.. differing.Take(MaxBlocks)];
        if (differing.Count > MaxBlocks)
        {
            tally.Report(FindingKind.Altered, finding => finding with
            {
                Place = reception.Topic,
                Cause = FormattableString.Invariant($"{differing.Count - MaxBlocks:#,0} more blocks of {OffsetSums.BlockOffsets:#,0} offsets differ from the topic and were not opened"),
            });
        }

        foreach (TopicMessage message in reception.Read(_blocks, cancellationToken))
        {
            MessageContent content = MessageContent.Of(message);
            _sent.Add((message.Partition, message.Offset), new Sent(message.Partition, message.Offset, content, MessageContent.KeyTextOf(message.Key), message.Header?.Emulation, IsToldByRow(message)));
            _values.Add(content.Value);
        }

        await visit(Collect, cancellationToken).ConfigureAwait(false);
        return Match();
    }

    // Whoever looks at rows tells those that are lost; not what at_least_once wrote again.
    private bool IsToldByRow(in TopicMessage message) =>
        source.RowOf(message) is var row && (row == TopicSource.Ignored || (row >= 0 && ranges.Ranges[ranges.Find(row)].Manifest.Delivery != DeliveryGuarantee.AtLeastOnce));

    private void Collect(TableGroup group, BronzeRows rows)
    {
        bool[] wanted = new bool[group.Rows];
        for (int row = 0; row < group.Rows; row++)
        {
            wanted[row] = rows.TopicOf(row) == reception.Topic && (_values.Contains(rows.ContentOf(row).Value) || _blocks.Contains(OffsetSums.BlockOf(rows.PartitionOf(row), rows.OffsetOf(row))));
        }

        if (Array.IndexOf(wanted, true) < 0)
        {
            return;
        }

        string?[] keys = BronzeRows.ReadKeys(group, wanted);
        string?[] emulations = BronzeRows.ReadEmulations(group, wanted);
        for (int row = 0; row < group.Rows; row++)
        {
            if (wanted[row])
            {
                DeliveredRange? emulation = rows.EmulationOf(row);
                _received.Add(new Received(
                    rows.PartitionOf(row), rows.OffsetOf(row), rows.ContentOf(row), keys[row], emulations[row], group.PlaceOf(row), rows.IsForeign(row) ? -1 : rows.DomainRowOf(row, emulation), emulation is not null));
            }
        }
    }

    private List<DisplacedRow> Match()
    {
        List<DisplacedRow> displaced = [];
        List<Received> rest = [.. _received.Where(row => !TryTake((row.Partition, row.Offset), sent => sent.Content == row.Content))];
        rest = [.. rest.Where(row => !TryMatch(row, _sent.GetValueOrDefault((row.Partition, row.Offset)), displaced))];
        ILookup<ulong, Sent> elsewhere = _sent.Values.ToLookup(sent => sent.Content.Value);
        rest = [.. rest.Where(row => !TryMatch(row, elsewhere[row.Content.Value].FirstOrDefault(sent => _sent.ContainsKey((sent.Partition, sent.Offset))), displaced))];
        foreach (Received row in rest)
        {
            // The rows of the lake's own emulations are held against the world's.
            if (TryTake((row.Partition, row.Offset), _ => true) && !row.IsOwn)
            {
                displaced.Add(new DisplacedRow(row.Place, -1, [new ColumnDifference("payload", "the value of the message", "another")]));
            }
        }

        foreach (Sent lost in _sent.Values.Where(sent => !sent.IsToldByRow).OrderBy(sent => (sent.Partition, sent.Offset)))
        {
            tally.Report(FindingKind.Missing, finding => finding with
            {
                Key = lost.Key,
                Place = FormattableString.Invariant($"{reception.SourceOf(lost.Partition)}@{lost.Offset}"),
                Cause = "the topic has the message, progress says that it was ingested, and Bronze does not have it",
            });
        }

        return displaced;
    }

    private bool TryTake((int Partition, long Offset) place, Func<Sent, bool> isIt) => _sent.TryGetValue(place, out Sent? sent) && isIt(sent) && _sent.Remove(place);

    private bool TryMatch(Received row, Sent? sent, List<DisplacedRow> displaced)
    {
        if (sent is null || sent.Content.Value != row.Content.Value)
        {
            return false;
        }

        _sent.Remove((sent.Partition, sent.Offset));
        List<ColumnDifference> differences = [];
        void AddIf(bool differs, string column, string? expected, string? found) => differences.AddRange(differs ? [new ColumnDifference(column, expected, found)] : []);
        AddIf(row.Partition != sent.Partition, "_source", reception.SourceOf(sent.Partition), reception.SourceOf(row.Partition));
        AddIf(row.Offset != sent.Offset, "_offset", sent.Offset.ToString(CultureInfo.InvariantCulture), row.Offset.ToString(CultureInfo.InvariantCulture));
        AddIf(row.Content.Key != sent.Content.Key, "_key", sent.Key, row.Key);
        AddIf(row.Content.Timestamp != sent.Content.Timestamp, "_timestamp", TextOf(sent.Content.Timestamp), TextOf(row.Content.Timestamp));
        AddIf(row.Content.Emulation != sent.Content.Emulation, "_emulation_id", sent.Emulation?.ToString(), row.Emulation);
        displaced.Add(new DisplacedRow(row.Place, row.DomainRow, differences));
        return true;
    }

    private static string? TextOf(long timestamp) => timestamp == MessageContent.NoTimestamp ? null : ValueText.Of(BronzeRows.Timestamp, timestamp);

    private sealed record Sent(int Partition, long Offset, MessageContent Content, string? Key, Guid? Emulation, bool IsToldByRow);

    private sealed record Received(int Partition, long Offset, MessageContent Content, string? Key, string? Emulation, string Place, long DomainRow, bool IsOwn);
}

/// <summary>A row of Bronze that is not what was sent at its offset.</summary>
/// <param name="Place">Where it is stored.</param>
/// <param name="DomainRow">The row of the domain that it is; -1 for none.</param>
/// <param name="Differences">What the topic says otherwise.</param>
internal sealed record DisplacedRow(string Place, long DomainRow, IReadOnlyList<ColumnDifference> Differences);
