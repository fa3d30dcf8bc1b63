using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Streams;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Spark.Streaming;

/// <summary>
/// Gives a Bronze table to a stream of Spark, or to a new one where the old one's checkpoint cannot go on: a progress record says from which offsets it begins, and one
/// commit makes Spark the table's engine and bars all earlier queries, so that two never write.
/// </summary>
internal sealed class StreamHandover(Lake lake, Domain domain, TimeProvider clock)
{
    // A checkpoint of its own begins with each record, so the record's number must not change.
    private const string Operation = "HAND OVER";

    private readonly TableName _name = BronzeTable.Of(domain);

    /// <summary>Where the stream of the table is; begins one where there is none, or none that can go on.</summary>
    /// <param name="intake">What it ingests.</param>
    /// <param name="takesOver">Whether it takes the table from another writer, or from a stream whose checkpoint is lost.</param>
    /// <param name="highest">The highest offset of each source in the table, which is read only where a checkpoint is lost.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The position; null when none of the topics is there yet.</returns>
    /// <exception cref="ModelException">Another engine writes the table, or somebody changed it meanwhile.</exception>
    /// <exception cref="LakeException">The checkpoint is lost, or is not the table's.</exception>
    /// <exception cref="BrokerException">Records that are not in the table are lost.</exception>
    public async Task<StreamPosition?> RunAsync(
        TopicIntake intake, bool takesOver, Func<CancellationToken, Task<IReadOnlyDictionary<string, long>>> highest, CancellationToken cancellationToken)
    {
        FlowProgress<BronzeInputs> flow = new(lake, _name.ToString(), BronzeInputs.Form);
        IReadOnlyList<BronzeInputs> recorded = await flow.ReadAsync(cancellationToken).ConfigureAwait(false);
        TableVersion table = await OpenAsync(recorded, takesOver, cancellationToken).ConfigureAwait(false);
        StreamPosition? position = await StreamPosition.FindAsync(lake, _name, table.Snapshot, recorded, cancellationToken).ConfigureAwait(false);
        bool isLost = position?.Fault is not null;
        if (isLost)
        {
            position = takesOver ? After(position!, await highest(cancellationToken).ConfigureAwait(false)) : position!.Require();
        }

        TopicPlan plan = await intake.PlanAsync(position is null ? recorded : [.. recorded, position.AsInputs], cancellationToken).ConfigureAwait(false);
        if (plan.Topics.Count == 0)
        {
            return position;
        }

        bool goesOn = position is not null && !isLost && plan.Lost.Count == 0
            && plan.Topics.All(topic => position.Starts.Any(start => start.Topic == topic.Topic && start.TopicId == topic.Id));
        return goesOn ? WithNewPartitions(position!, plan) : await BeginAsync(flow, recorded, table, position, plan, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TableVersion> OpenAsync(IReadOnlyList<BronzeInputs> recorded, bool takesOver, CancellationToken cancellationToken)
    {
        TableVersions versions = new(lake);
        TableVersion? found = await versions.FindAsync(_name, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return await new TableCreation(versions, clock).OpenAsync(
                _name, BronzeTable.Schema, null, BronzeTable.DescriptionOf(domain), WritingEngine.Spark, cancellationToken, appendOnly: true).ConfigureAwait(false);
        }

        long committed = found.LastBatchOf(_name.ToString());
        if (!StreamPosition.IsStreamed(found.Snapshot) && !takesOver)
        {
            throw new ModelException(
                $"{found.Table.Location} is written by lakelab's own ingestion: go on with lakelab pipeline stream without --engine spark, or give the table to Spark's stream with --take-over, after which only that ingests into it");
        }

        return committed >= recorded.Count || recorded.Skip((int)committed + 1).All(static inputs => inputs.Stream is not null)
            ? found
            : throw new ModelException($"{found.Table.Location}: an earlier run left a batch unfinished: complete it with lakelab pipeline run, then give the table to Spark's stream");
    }

    private static StreamPosition After(StreamPosition position, IReadOnlyDictionary<string, long> highest) => position with
    {
        Fault = null,
        Next = position.Starts.Select(static start => (start.Topic, start.Partition, start.From))
            .Concat(highest.Select(static pair => (Topic: pair.Key[..pair.Key.LastIndexOf('-')], Partition: int.Parse(pair.Key.AsSpan(pair.Key.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture), From: pair.Value + 1)))
            .Where(next => position.Starts.Any(start => start.Topic == next.Topic))
            .GroupBy(static next => (next.Topic, next.Partition)).ToDictionary(static group => group.Key, static group => group.Max(static next => next.From)),
    };

    // Spark takes partitions that are new from their first offset; only a query without a checkpoint must be told of them.
    private static StreamPosition WithNewPartitions(StreamPosition position, TopicPlan plan)
    {
        Dictionary<(string, int), long> next = new(position.Next);
        foreach (TopicState topic in plan.Topics)
        {
            topic.Partitions.ToList().ForEach(partition => next.TryAdd((topic.Topic, partition.Partition), 0));
        }

        return position with { Next = next };
    }

    private async Task<StreamPosition> BeginAsync(
        FlowProgress<BronzeInputs> flow, IReadOnlyList<BronzeInputs> recorded, TableVersion table, StreamPosition? position, TopicPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyList<StreamStart> starts = [.. plan.Topics.SelectMany(topic => topic.Partitions.Select(partition => new StreamStart(topic.Topic, topic.Id, partition.Partition, FromOf(topic, partition))))];
        BronzeInputs inputs = new([], null, plan.Lost.Count > 0 ? plan.Lost : null, Stream: starts);
        int number = recorded.Count;
        await flow.RecordAsync(number, inputs, cancellationToken).ConfigureAwait(false);
        DeltaTransaction transaction = DeltaTransaction.Begin(table.Table, table.Snapshot, clock);
        transaction.SetProperty(WritingEngine.Property, WritingEngine.Spark);
        transaction.SetTransaction(_name.ToString(), number);
        foreach (string query in StreamPosition.QueriesOf(table.Snapshot, _name).Select(static transaction => transaction.AppId).Union(await OldQueryAsync(position, cancellationToken).ConfigureAwait(false)))
        {
            transaction.SetTransaction(query, StreamPosition.Fenced);
        }

        Dictionary<string, string> parameters = new() { ["batch"] = number.ToString(CultureInfo.InvariantCulture) };
        CommitOutcome.Require(await transaction.CommitAsync(Operation, parameters, cancellationToken).ConfigureAwait(false), table.Table, "it was given to a stream of Spark");
        Snapshot now = await table.Table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        return (await StreamPosition.FindAsync(lake, _name, now, [.. recorded, inputs], cancellationToken).ConfigureAwait(false))!.Require();

        long FromOf(TopicState topic, PartitionState partition)
        {
            TopicPosition known = TopicPosition.Of(topic.Topic, position is null ? recorded : [.. recorded, position.AsInputs]);
            return plan.Ranges.FirstOrDefault(range => range.Topic == topic.Topic && range.Partition == partition.Partition)?.From
                ?? (known.Id == topic.Id ? known.Next.GetValueOrDefault(partition.Partition) : partition.Start);
        }
    }

    // One that has written nothing yet is not in the table.
    private static async Task<IEnumerable<string>> OldQueryAsync(StreamPosition? position, CancellationToken cancellationToken)
    {
        try
        {
            return position is not null && await position.Checkpoint.FindQueryAsync(cancellationToken).ConfigureAwait(false) is { } query ? [query] : [];
        }
        catch (LakeException)
        {
            return [];
        }
    }
}
