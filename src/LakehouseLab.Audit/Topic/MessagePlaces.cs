using System.Buffers.Text;
using System.Globalization;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Audit.Records;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Audit.Topic;

/// <summary>Looks at where messages are: each in the partition that follows from its key, and those of a key in the order of their rows. Not thread-safe.</summary>
/// <param name="ranges">The domain's ranges.</param>
/// <param name="partitions">How many partitions the topic has.</param>
/// <param name="users">How many users the world has.</param>
internal sealed class MessagePlaces(DomainRanges ranges, int partitions, int users)
{
    private readonly PartitionRule[] _rules = [.. Enumerable.Range(1, partitions).Select(before => new PartitionRule(before, partitions))];
    private readonly Dictionary<Guid, long[]> _lastRows = [];
    private readonly SeenRows _seen = new();
    private PartitionRule? _rule;
    private (Guid Emulation, long[] Rows) _last = (Guid.Empty, []);
    private int _range;

    /// <summary>Whether some message may be in another's place, so that all must be looked at one by one.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Looks at a message in passing.</summary>
    /// <param name="message">The message.</param>
    /// <param name="row">The row that it is.</param>
    public void Note(in TopicMessage message, long row)
    {
        if (TryReadUser(message.Key, out long user))
        {
            ref long last = ref LastRowOf(row, user);
            IsSuspect |= row <= last || Murmur2.PartitionOf(message.Key, partitions) != message.Partition;
            last = row;
        }
    }

    /// <summary>Says that somebody else has seen a message that may be in another's place.</summary>
    public void Suspect() => IsSuspect = true;

    /// <summary>Begins to look at all messages again.</summary>
    public void Begin()
    {
        _lastRows.Clear();
        _last = (Guid.Empty, []);
    }

    /// <summary>Learns from all messages by which number of partitions keys were put into them.</summary>
    /// <param name="message">The message.</param>
    /// <param name="row">The row that it is.</param>
    public void Learn(in TopicMessage message, long row)
    {
        if (row >= 0 && TryReadUser(message.Key, out _))
        {
            int hash = Murmur2.HashOf(message.Key);
            foreach (PartitionRule rule in _rules)
            {
                rule.Learn(hash, message.Partition, row);
            }
        }
    }

    /// <summary>Says what of a message's place is not as it should be.</summary>
    /// <param name="message">The message.</param>
    /// <param name="row">The row that it is.</param>
    /// <param name="user">The user of that row.</param>
    public IReadOnlyList<ColumnDifference> DifferencesOf(in TopicMessage message, long row, long user)
    {
        List<ColumnDifference> differences = [];
        string key = user.ToString(CultureInfo.InvariantCulture);
        string? found = message.Key is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
        if (found != key)
        {
            differences.Add(new ColumnDifference("key", key, found));
        }

        int hash = Murmur2.HashOf(System.Text.Encoding.ASCII.GetBytes(key));
        _rule ??= _rules.Where(rule => rule.IsPossible).Append(_rules[^1]).Reverse().MinBy(rule => rule.Violations)!;
        if (!_rule.Allows(hash, message.Partition))
        {
            differences.Add(new ColumnDifference("partition", Text(hash % partitions), Text(message.Partition)));
        }

        ref long last = ref LastRowOf(row, user);
        if (row < last && _seen.Add(row))
        {
            differences.Add(new ColumnDifference("offset", $"one before row {Text(last)} of the same key", Text(message.Offset)));
        }
        else
        {
            _seen.Add(row);
            last = row;
        }

        return differences;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private bool TryReadUser(byte[]? key, out long user)
    {
        user = 0;
        return key is { Length: > 0 } && Utf8Parser.TryParse(key, out user, out int read) && read == key.Length && user > 0 && user <= users;
    }

    // Emulations may come in any order, so each has rows of its own.
    private ref long LastRowOf(long row, long user)
    {
        DeliveredRange range = ranges.Ranges[_range];
        if (row < range.FirstRow || row >= range.EndRow)
        {
            _range = ranges.Find(row);
            range = ranges.Ranges[_range];
        }

        if (_last.Emulation != range.Manifest.Id || _last.Rows.Length == 0)
        {
            if (!_lastRows.TryGetValue(range.Manifest.Id, out long[]? rows))
            {
                rows = new long[users + 1];
                Array.Fill(rows, -1);
                _lastRows.Add(range.Manifest.Id, rows);
            }

            _last = (range.Manifest.Id, rows);
        }

        return ref _last.Rows[Math.Clamp(user, 0, users)];
    }
}
