using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Bronze.Batches;

namespace LakehouseLab.Pipeline.Bronze.Topics;

/// <summary>What an ingestion takes from topics.</summary>
/// <param name="Log">The cluster.</param>
/// <param name="Topics">The topics, in order.</param>
public sealed record TopicIntake(ITopicLog Log, IReadOnlyList<string> Topics)
{
    /// <summary>The flag that accepts what is lost.</summary>
    public const string AcceptFlag = "--accept-lost-offsets";

    /// <summary>So many offsets are some hundred megabytes: what one batch of Silver works on.</summary>
    public const long DefaultBatchOffsets = 4_000_000;

    /// <summary>Topics that must be there, since records were delivered to them.</summary>
    public IReadOnlySet<string> Required { get; init; } = new HashSet<string>();

    /// <summary>Whether offsets that were lost before they were ingested are recorded as such, instead of refused.</summary>
    public bool AcceptLostOffsets { get; init; }

    /// <summary>Offsets of a batch at most, at least 1.</summary>
    public long BatchOffsets { get; init; } = DefaultBatchOffsets;

    /// <summary>Whether it ends after one batch, however much there is.</summary>
    public bool IsOneBatch { get; init; }

    /// <summary>The topics as they are now.</summary>
    /// <exception cref="BrokerException">The cluster cannot say.</exception>
    internal async Task<IReadOnlyDictionary<string, TopicState?>> FindAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        Dictionary<string, TopicState?> found = [];
        foreach (string topic in topics.Distinct())
        {
            found[topic] = await Log.FindAsync(topic, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>Plans all topics.</summary>
    /// <exception cref="BrokerException">The cluster cannot say what there is, or has lost records that no batch has ingested.</exception>
    internal async Task<TopicPlan> PlanAsync(IReadOnlyList<BronzeInputs> recorded, CancellationToken cancellationToken)
    {
        List<TopicRange> ranges = [];
        List<LostOffsets> lost = [];
        IReadOnlyDictionary<string, TopicState?> topics = await FindAsync(Topics, cancellationToken).ConfigureAwait(false);
        foreach ((string topic, TopicState? now) in topics)
        {
            if (now is null && Required.Contains(topic) && !AcceptLostOffsets)
            {
                throw new BrokerException($"topic {topic} does not exist, though emulations have delivered records to it: bring it back, name the brokers that have it in {KafkaConnection.ServersVariable}, or run with {AcceptFlag}");
            }

            TopicPlan plan = TopicPlan.Make(topic, recorded, now, AcceptLostOffsets);
            ranges.AddRange(plan.Ranges);
            lost.AddRange(plan.Lost);
        }

        return new TopicPlan(ranges, lost) { Topics = [.. topics.Values.OfType<TopicState>()] };
    }

    /// <summary>Cuts what is new into batches, each with a like share of every partition, so that several can be read at once.</summary>
    internal IEnumerable<BronzeInputs> Split(TopicPlan plan)
    {
        IReadOnlyList<TopicRange> rest = plan.Ranges;
        IReadOnlyList<LostOffsets>? lost = plan.Lost.Count > 0 ? plan.Lost : null;
        while (rest.Count > 0 || lost is not null)
        {
            long total = rest.Sum(range => range.Span.Length);
            List<TopicRange> batch = [.. rest.Select(range => total <= BatchOffsets ? range : range with { Until = range.From + ShareOf(range, total) })];
            rest = [.. rest.Zip(batch, static (all, taken) => all with { From = taken.Until }).Where(range => range.Span.Length > 0)];
            yield return new BronzeInputs([], batch, lost);
            lost = null;
        }
    }

    private long ShareOf(TopicRange range, long total) =>
        (long)Math.Min(range.Span.Length, Math.Ceiling((double)range.Span.Length * BatchOffsets / total));
}
