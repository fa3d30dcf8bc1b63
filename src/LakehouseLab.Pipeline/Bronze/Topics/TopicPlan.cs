using System.Globalization;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Bronze.Batches;

namespace LakehouseLab.Pipeline.Bronze.Topics;

/// <summary>What is new of a topic.</summary>
/// <param name="Ranges">Offsets that no batch has recorded.</param>
/// <param name="Lost">Offsets that can no longer be ingested, which whoever plans has accepted.</param>
internal sealed record TopicPlan(IReadOnlyList<TopicRange> Ranges, IReadOnlyList<LostOffsets> Lost)
{
    /// <summary>Without any topic.</summary>
    public static TopicPlan Nothing { get; } = new([], []);

    /// <summary>The topics as they are.</summary>
    public IReadOnlyList<TopicState> Topics { get; init; } = [];

    /// <summary>Compares what batches have recorded of a topic with what it is now.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="recorded">All recorded batches, in order.</param>
    /// <param name="now">The topic as it is; null when there is none.</param>
    /// <param name="acceptLost">Whether lost offsets are recorded as such, instead of refused.</param>
    /// <exception cref="BrokerException">Records that no batch has ingested are lost; the message names them and the remedy.</exception>
    public static TopicPlan Make(string topic, IEnumerable<BronzeInputs> recorded, TopicState? now, bool acceptLost)
    {
        TopicPosition position = TopicPosition.Of(topic, recorded);
        List<LostOffsets> lost = [];
        if (position.Id is not null && position.Id != now?.Id)
        {
            lost.AddRange(position.Next.Select(partition => new LostOffsets(topic, position.Id, partition.Key, partition.Value, null)));
            Refuse(acceptLost, now is null
                ? $"topic {topic} is gone though batches have taken records from it: what it had after them is lost; create it again"
                : $"topic {topic} was deleted and recreated (its id was {position.Id} and is {now.Id}): what the old one had after the batches is lost");
            position = TopicPosition.None;
        }

        List<TopicRange> ranges = [];
        foreach (PartitionState partition in now?.Partitions ?? [])
        {
            // A topic that is new here is taken from where it begins now; one that is known owes every offset.
            long next = position.Next.GetValueOrDefault(partition.Partition, position.Id is null ? partition.Start : 0);
            if (next > partition.End)
            {
                throw new BrokerException(Invariant(
                    $"{topic}-{partition.Partition} ends at offset {partition.End}, though batches have taken records up to {next}: if replicas are still catching up run the same command again; if the cluster has lost records, make the topic again and run with {TopicIntake.AcceptFlag}"));
            }

            if (next < partition.Start)
            {
                Refuse(acceptLost, Invariant($"{topic}-{partition.Partition} no longer has records {next} to {partition.Start - 1}, and no batch has ingested them: retention or somebody deleted them"));
                lost.Add(new LostOffsets(topic, now!.Id, partition.Partition, next, partition.Start));
            }

            long from = Math.Max(next, partition.Start);
            if (from < partition.End || (position.Id is null && from > 0))
            {
                // Where an emptied partition begins is recorded too, or its old offsets would seem to be owed later.
                ranges.Add(new TopicRange(topic, now!.Id, partition.Partition, from, partition.End));
            }
        }

        return new TopicPlan(ranges, lost);
    }

    /// <summary>What of a recorded batch, which is not in the table, cannot be read any more.</summary>
    /// <param name="batch">Its number.</param>
    /// <param name="ranges">What is still to be read of it.</param>
    /// <param name="topics">The topics as they are now.</param>
    /// <param name="acceptLost">Whether it is recorded as lost, instead of refused.</param>
    /// <exception cref="BrokerException">Some cannot be read; the message names it and the remedy.</exception>
    public static IReadOnlyList<LostOffsets> FindLost(long batch, IEnumerable<TopicRange> ranges, IReadOnlyDictionary<string, TopicState?> topics, bool acceptLost)
    {
        List<LostOffsets> lost = [];
        foreach (TopicRange range in ranges)
        {
            TopicState? now = topics[range.Topic];
            PartitionState? partition = now?.Id == range.TopicId ? now.Partitions.FirstOrDefault(partition => partition.Partition == range.Partition) : null;
            long readable = partition is null ? range.Until : Math.Clamp(partition.Start, range.From, range.Until);
            if (readable > range.From)
            {
                Refuse(acceptLost, Invariant(
                    $"batch {batch} has recorded {range.Topic}-{range.Partition} from offset {range.From} to {range.Until - 1}, and {(partition is null ? "the topic was deleted" : Invariant($"offsets before {readable} were deleted"))} before the batch was in the table"));
                lost.Add(new LostOffsets(range.Topic, range.TopicId, range.Partition, range.From, readable));
            }
        }

        return lost;
    }

    private static void Refuse(bool acceptLost, string what)
    {
        if (!acceptLost)
        {
            throw new BrokerException($"{what}. If they cannot be brought back, run with {TopicIntake.AcceptFlag}, which records the gap and goes on after it");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
