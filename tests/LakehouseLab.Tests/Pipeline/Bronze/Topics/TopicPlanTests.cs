using CsCheck;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Tests.Emulation.Kafka;

namespace LakehouseLab.Tests.Pipeline.Bronze.Topics;

public sealed class TopicPlanTests
{
    private const string Topic = "t";

    [Fact]
    public void Make_NewTopic_TakesAllThatIsKept()
    {
        TopicPlan plan = Make([], State("a", (0, 5), (3, 3), (7, 7), (0, 0)));
        Assert.Equal([Range("a", 0, 0, 5), Range("a", 1, 3, 3), Range("a", 2, 7, 7)], plan.Ranges);
        Assert.Empty(plan.Lost);
    }

    [Fact]
    public void Make_KnownTopic_GoesOnAndTakesNewPartitionsFromTheirBeginning()
    {
        BronzeInputs[] recorded = [Batch(Range("a", 0, 0, 5), Range("a", 1, 3, 3)), Batch(Range("a", 0, 5, 6))];
        Assert.Equal([Range("a", 0, 6, 8), Range("a", 2, 0, 2)], Make(recorded, State("a", (1, 8), (3, 3), (0, 2))).Ranges);
        Assert.Empty(Make(recorded, State("a", (6, 6), (3, 3))).Ranges);
    }

    [Theory]
    [InlineData("offset 5", "a", 7, 9, "t-0 no longer has records 5 to 6")]
    [InlineData("made again", "b", 0, 9, "topic t was deleted and recreated (its id was a and is b)")]
    [InlineData("truncated", "a", 0, 4, "t-0 ends at offset 4, though batches have taken records up to 5")]
    public void Make_LostRecords_AreNamedWithTheRemedy(string what, string id, long start, long end, string named)
    {
        BrokerException refusal = Assert.Throws<BrokerException>(() => Make([Batch(Range("a", 0, 0, 5))], State(id, (start, end))));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--accept-lost-offsets", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void Make_TopicGone_IsNamedUntilItIsAccepted()
    {
        BronzeInputs[] recorded = [Batch(Range("a", 0, 0, 5), Range("a", 1, 0, 7))];
        Assert.Contains("topic t is gone", Assert.Throws<BrokerException>(() => Make(recorded, null)).Message, StringComparison.Ordinal);

        TopicPlan plan = Make(recorded, null, acceptLost: true);
        Assert.Empty(plan.Ranges);
        Assert.Equal([new LostOffsets(Topic, "a", 0, 5, null), new LostOffsets(Topic, "a", 1, 7, null)], plan.Lost);

        recorded = [.. recorded, new BronzeInputs([], [], plan.Lost)];
        Assert.Empty(Make(recorded, null).Lost);
        Assert.Equal([Range("b", 0, 2, 3)], Make(recorded, State("b", (2, 3))).Ranges);
    }

    [Fact]
    public void Make_LossAccepted_RecordsTheGapOnce()
    {
        BronzeInputs[] recorded = [Batch(Range("a", 0, 0, 5))];
        TopicState now = State("a", (8, 9), (2, 2));
        TopicPlan plan = Make(recorded, now, acceptLost: true);
        Assert.Equal([Range("a", 0, 8, 9)], plan.Ranges);
        Assert.Equal([new LostOffsets(Topic, "a", 0, 5, 8), new LostOffsets(Topic, "a", 1, 0, 2)], plan.Lost);

        TopicPlan next = Make([.. recorded, new BronzeInputs([], plan.Ranges, plan.Lost)], now);
        Assert.Empty(next.Ranges);
        Assert.Empty(next.Lost);
    }

    [Fact]
    public void Make_MadeAgainAndAccepted_TakesTheNewTopicFromItsBeginning()
    {
        BronzeInputs[] recorded = [Batch(Range("a", 0, 0, 5))];
        TopicPlan plan = Make(recorded, State("b", (1, 3)), acceptLost: true);
        Assert.Equal([Range("b", 0, 1, 3)], plan.Ranges);
        Assert.Equal([new LostOffsets(Topic, "a", 0, 5, null)], plan.Lost);
        Assert.Equal([Range("b", 0, 3, 4)], Make([.. recorded, new BronzeInputs([], plan.Ranges, plan.Lost)], State("b", (1, 4))).Ranges);
    }

    [Fact]
    public void FindLost_UncommittedBatch_IsReadWithoutWhatALaterRecordGivesUp()
    {
        BronzeInputs[] recorded = [Batch(Range("a", 0, 0, 5), Range("a", 1, 0, 9))];
        Dictionary<string, TopicState?> topics = new() { [Topic] = State("a", (3, 5), (0, 9)) };
        Assert.Contains("batch 0 has recorded t-0 from offset 0 to 4", Assert.Throws<BrokerException>(() => TopicPlan.FindLost(0, recorded[0].Topics!, topics, acceptLost: false)).Message, StringComparison.Ordinal);

        IReadOnlyList<LostOffsets> lost = TopicPlan.FindLost(0, recorded[0].Topics!, topics, acceptLost: true);
        Assert.Equal([new LostOffsets(Topic, "a", 0, 0, 3)], lost);
        recorded = [.. recorded, new BronzeInputs([], null, lost)];
        Assert.Equal([Range("a", 0, 3, 5), Range("a", 1, 0, 9)], TopicPosition.ReadableOf(0, recorded));

        topics[Topic] = null;
        lost = TopicPlan.FindLost(0, TopicPosition.ReadableOf(0, recorded), topics, acceptLost: true);
        Assert.Empty(TopicPosition.ReadableOf(0, [.. recorded, new BronzeInputs([], null, lost)]));
    }

    [Fact]
    public void Split_AnyRangesAndLimit_TakesEveryOffsetOnceInOrder() =>
        Gen.Select(Gen.Long[0, 1_000].Array[1, 6], Gen.Long[1, 300]).Sample((lengths, limit) =>
        {
            TopicRange[] ranges = [.. lengths.Select((length, partition) => Range("a", partition, 10, 10 + length)).Where(range => range.Span.Length > 0)];
            TopicIntake intake = new(new MemoryTopicLog(), [Topic]) { BatchOffsets = limit };
            List<BronzeInputs> batches = [.. intake.Split(new TopicPlan(ranges, []))];
            Assert.All(batches, batch => Assert.InRange(batch.Topics!.Sum(range => range.Span.Length), 1, limit + ranges.Length));
            Dictionary<int, long> next = ranges.ToDictionary(range => range.Partition, range => range.From);
            foreach (TopicRange range in batches.SelectMany(batch => batch.Topics!))
            {
                Assert.Equal(next[range.Partition], range.From);
                next[range.Partition] = range.Until;
            }

            Assert.All(ranges, range => Assert.Equal(range.Until, next[range.Partition]));
        });

    private static TopicPlan Make(IEnumerable<BronzeInputs> recorded, TopicState? now, bool acceptLost = false) => TopicPlan.Make(Topic, recorded, now, acceptLost);

    private static TopicState State(string id, params (long Start, long End)[] partitions) =>
        new(Topic, id, [.. partitions.Select((partition, number) => new PartitionState(number, partition.Start, partition.End))]);

    private static TopicRange Range(string id, int partition, long from, long until) => new(Topic, id, partition, from, until);

    private static BronzeInputs Batch(params TopicRange[] ranges) => new([], ranges);
}
