using System.Globalization;
using System.Text;
using LakehouseLab.Audit.Ranges;
using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Ingestion;

/// <summary>Numbers the sources of Bronze rows that are not chunks, from -1 down, and knows which are partitions of the lake's topics. Not thread-safe.</summary>
internal sealed class TopicSources(DomainRanges ranges)
{
    private readonly HashSet<string> _topics = [.. ranges.Ranges.Select(range => TopicOf(range.Manifest, ranges.Domain)).OfType<string>()];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    // The first is what a row has that names no source.
    private readonly List<(string Text, string? Topic, int Partition, bool IsReplay)> _sources = [("", null, -1, false)];

    /// <summary>The topic that an emulation delivers to; null when it makes objects.</summary>
    public static string? TopicOf(Manifest manifest, Domain domain) => manifest.Sync == SyncSystem.Kafka ? manifest.Location ?? domain.Topic : null;

    /// <summary>The number of a source.</summary>
    /// <param name="text">Its name in UTF-8.</param>
    public int NumberOf(ReadOnlySpan<byte> text)
    {
        string source = Encoding.UTF8.GetString(text);
        if (!_numbers.TryGetValue(source, out int number))
        {
            // A topic's partition is written TOPIC-NUMBER.
            int partition = -1;
            int dash = source.LastIndexOf('-');
            bool isPartition = dash > 0 && _topics.Contains(source[..dash]) && int.TryParse(source.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out partition);
            _sources.Add((source, isPartition ? source[..dash] : null, isPartition ? partition : -1, Replay.IsSource(text)));
            number = -_sources.Count;
            _numbers.Add(source, number);
        }

        return number;
    }

    /// <summary>The topic that a source is a partition of; null when it is none.</summary>
    public string? TopicOf(int number) => number < 0 ? _sources[-1 - number].Topic : null;

    /// <summary>The number of the partition that a source is; -1 when it is none.</summary>
    public int PartitionOf(int number) => number < 0 ? _sources[-1 - number].Partition : -1;

    /// <summary>Whether a source is a repaired record.</summary>
    public bool IsReplay(int number) => number < 0 && _sources[-1 - number].IsReplay;

    /// <summary>The name of a source.</summary>
    public string TextOf(int number) => _sources[-1 - number].Text;
}
