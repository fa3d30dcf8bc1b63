using LakehouseLab.Pipeline.Bronze.Batches;

namespace LakehouseLab.Pipeline.Bronze.Topics;

/// <summary>Where the recorded batches of a topic end.</summary>
/// <param name="Id">The topic's id; null when no batch has taken anything from it, or what is left of it was given up.</param>
/// <param name="Next">The next offset, by partition.</param>
internal sealed record TopicPosition(string? Id, IReadOnlyDictionary<int, long> Next)
{
    /// <summary>Before any batch.</summary>
    public static TopicPosition None { get; } = new(null, new Dictionary<int, long>());

    /// <summary>Follows the batches.</summary>
    public static TopicPosition Of(string topic, IEnumerable<BronzeInputs> recorded)
    {
        string? id = null;
        Dictionary<int, long> next = [];
        foreach (BronzeInputs batch in recorded)
        {
            foreach (LostOffsets lost in (batch.Lost ?? []).Where(lost => lost.Topic == topic && (id is null || lost.TopicId == id)))
            {
                if (lost.Until is null)
                {
                    id = null;
                    next.Clear();
                    break;
                }

                id = lost.TopicId;
                next[lost.Partition] = Math.Max(next.GetValueOrDefault(lost.Partition), lost.Until.Value);
            }

            foreach (TopicRange range in (batch.Topics ?? []).Where(range => range.Topic == topic))
            {
                id = range.TopicId;
                next[range.Partition] = range.Until;
            }
        }

        return new TopicPosition(id, next);
    }

    /// <summary>What is to be read of a batch: its offsets without those that a later record gives up.</summary>
    public static IReadOnlyList<TopicRange> ReadableOf(int batch, IReadOnlyList<BronzeInputs> recorded)
    {
        List<TopicRange> readable = [];
        foreach (TopicRange range in recorded[batch].Topics ?? [])
        {
            long from = recorded.Skip(batch + 1).SelectMany(later => later.Lost ?? [])
                .Where(lost => lost.Topic == range.Topic && lost.TopicId == range.TopicId && lost.Partition == range.Partition && lost.From < range.Until)
                .Select(lost => Math.Min(lost.Until ?? range.Until, range.Until))
                .DefaultIfEmpty(range.From).Max();
            if (from < range.Until)
            {
                readable.Add(range with { From = Math.Max(from, range.From) });
            }
        }

        return readable;
    }
}
