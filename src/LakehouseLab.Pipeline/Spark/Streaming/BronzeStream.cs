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
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Pipeline.Spark.Streaming;

/// <summary>
/// Ingests topics into one Bronze table by streaming queries of Spark, one after the other on one checkpoint. Each takes what the topics have when it starts, and ends: so
/// none runs on for ever when nobody waits for it any more.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="domain">The domain.</param>
/// <param name="kafka">The cluster, as Spark reaches it.</param>
/// <param name="takesOver">Whether the table is taken from whoever has written it.</param>
/// <param name="clock">The clock.</param>
/// <param name="tell">Is told what is waited for.</param>
internal sealed class BronzeStream(Lake lake, Domain domain, SparkKafka kafka, bool takesOver, TimeProvider clock, Action<string> tell)
{
    // So long does the server keep a question about a query.
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    // Of a partition's last offsets few are marks of transactions.
    private const int LastOffsets = 4;

    private readonly TableName _name = BronzeTable.Of(domain);
    private readonly DeltaTable _table = new(lake.Store, BronzeTable.Of(domain).Prefix);
    private bool _takesOver = takesOver;
    private bool _othersAtWork;
    private SparkStreamingQuery? _query;
    private long? _seen;

    /// <summary>Whether a query goes on.</summary>
    public bool IsAtWork => _query is not null;

    /// <summary>Forgets the query that runs: its session is gone.</summary>
    public void Forget() => _query = null;

    /// <summary>Whether more came into the table since that was last told: a query goes on while models run.</summary>
    public async Task<bool> IsAheadAsync(CancellationToken cancellationToken) =>
        _seen is not null && await _table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is { } now && now.Version > _seen;

    /// <summary>Ingests what is there: starts a query unless one runs, and waits for its end, or for as long as is asked for.</summary>
    /// <param name="engine">The engine, in whose session the query runs.</param>
    /// <param name="intake">The topics.</param>
    /// <param name="patience">How long it waits at most; the query goes on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What came into the table meanwhile, or why nothing could.</returns>
    /// <exception cref="ModelException">Spark is away, or the session is lost.</exception>
    public async Task<BronzeOutcome> RunAsync(SparkEngine engine, TopicIntake intake, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        try
        {
            _seen ??= (await _table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false))?.Version ?? -1;
            await AdvanceAsync(engine, intake, patience, cancellationToken).ConfigureAwait(false);
            (long records, long bytes) = await CountAsync(cancellationToken).ConfigureAwait(false);
            return new BronzeOutcome(_name.ToString(), 0, records, bytes, clock.GetElapsedTime(began).TotalSeconds, null)
            {
                EventTime = records > 0 ? await FindEventTimeAsync(intake, cancellationToken).ConfigureAwait(false) : null,
            };
        }
        catch (Exception exception) when (LakeFailure.Is(exception) && !StreamFailure.IsAway(exception))
        {
            _query = null;
            return new BronzeOutcome(_name.ToString(), 0, 0, 0, clock.GetElapsedTime(began).TotalSeconds, exception.Message);
        }
    }

    private async Task AdvanceAsync(SparkEngine engine, TopicIntake intake, TimeSpan patience, CancellationToken cancellationToken)
    {
        StreamPosition? position = await new StreamHandover(lake, domain, clock).RunAsync(intake, _takesOver, token => FindHighestAsync(engine, token), cancellationToken).ConfigureAwait(false);
        _takesOver = false;
        if (position is null)
        {
            return;
        }

        TopicPlan plan = await intake.PlanAsync([position.AsInputs], cancellationToken).ConfigureAwait(false);
        if (_query is null && plan.Ranges.Any(static range => range.Span.Length > 0) && !await TryStartAsync(engine, position, intake.BatchOffsets, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(patience < s_longest ? patience : s_longest, clock, cancellationToken).ConfigureAwait(false);
        }

        await WaitAsync(engine.Statements.Session, patience, cancellationToken).ConfigureAwait(false);
    }

    // Another's query is waited for: it takes what there was when it began, and ends.
    private async Task<bool> TryStartAsync(SparkEngine engine, StreamPosition position, long batchOffsets, CancellationToken cancellationToken)
    {
        SparkSession session = engine.Statements.Session;
        string messages = engine.Statements.NewName("messages");
        try
        {
            await session.CreateViewAsync(messages, SparkRelation.Source(BronzeQuery.Format, BronzeQuery.OptionsOf(kafka, position, batchOffsets), streaming: true), cancellationToken).ConfigureAwait(false);
            _query = await session.StartStreamAsync(SparkRelation.Sql(BronzeQuery.RowsOf(messages)), new SparkStreamWrite
            {
                Path = engine.Places.PathOf(_name.Prefix),
                Trigger = SparkTrigger.AvailableNow,
                Options = new Dictionary<string, string> { ["checkpointLocation"] = engine.Places.PathOf(position.Checkpoint.Key) },
            }, cancellationToken).ConfigureAwait(false);
            _othersAtWork = false;
        }
        catch (SparkException exception) when (StreamFailure.IsAtWork(exception))
        {
            if (!_othersAtWork)
            {
                tell($"{_name} is being written by another stream, whose client is still at work or was killed: going on when it has ended");
            }

            _othersAtWork = true;
        }
        catch (SparkException exception)
        {
            throw StreamFailure.Of(exception, session, _name, kafka);
        }

        await engine.Statements.DropAsync([messages]).ConfigureAwait(false);
        return !_othersAtWork;
    }

    private async Task WaitAsync(SparkSession session, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        while (_query is { } query)
        {
            try
            {
                if (await query.AwaitTerminationAsync(s_step, cancellationToken).ConfigureAwait(false))
                {
                    _query = null;
                }
                else if (clock.GetElapsedTime(began) >= patience)
                {
                    return;
                }
            }
            catch (SparkException exception)
            {
                throw StreamFailure.Of(exception, session, _name, kafka);
            }
        }
    }

    // Rows, not offsets: marks of transactions take offsets too.
    private async Task<(long Records, long Bytes)> CountAsync(CancellationToken cancellationToken)
    {
        Snapshot? now = await _table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        long after = _seen!.Value;
        if (now is null || now.Version <= after)
        {
            return (0, 0);
        }

        TableChanges changes = await _table.GetChangesAsync(after, now.Version, cancellationToken).ConfigureAwait(false);
        _seen = now.Version;
        return (changes.Added.Sum(static file => file.Rows ?? 0), changes.Added.Sum(static file => file.Size));
    }

    private async Task<IReadOnlyDictionary<string, long>> FindHighestAsync(SparkEngine engine, CancellationToken cancellationToken)
    {
        string query = $"SELECT _source, CAST(max(_offset) AS STRING) FROM delta.{SparkText.Identifier(engine.Places.PathOf(_name.Prefix))} GROUP BY _source";
        IReadOnlyList<IReadOnlyList<string?>> rows = await engine.Statements.QueryAsync(query, cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(static row => row[0]!, static row => long.Parse(row[1]!, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    // Of the newest messages that the stream has taken of each partition.
    private async Task<DateTimeOffset?> FindEventTimeAsync(TopicIntake intake, CancellationToken cancellationToken)
    {
        IReadOnlyList<BronzeInputs> recorded = await new FlowProgress<BronzeInputs>(lake, _name.ToString(), BronzeInputs.Form).ReadAsync(cancellationToken).ConfigureAwait(false);
        StreamPosition? position = await StreamPosition.FindAsync(lake, _name, await _table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false), recorded, cancellationToken).ConfigureAwait(false);
        DateTimeOffset? newest = null;
        foreach (TopicState? topic in (await intake.FindAsync(intake.Topics, cancellationToken).ConfigureAwait(false)).Values.Where(topic => topic is not null))
        {
            OffsetSpan[] last = [.. topic!.Partitions.Select(partition => SpanOf(partition, position?.Next.GetValueOrDefault((topic.Topic, partition.Partition)) ?? 0)).Where(static span => span.Length > 0)];
            if (last.Length == 0)
            {
                continue;
            }

            using ITopicReader reader = intake.Log.Open(topic.Topic, last);
            while (reader.TryRead(out TopicMessage message, cancellationToken))
            {
                DateTimeOffset? time = message.Value is { } value ? EventTimes.TryRead(domain, value) : null;
                newest = newest is null || time > newest ? time : newest;
            }
        }

        return newest;
    }

    private static OffsetSpan SpanOf(PartitionState partition, long next) => new(partition.Partition, Math.Max(partition.Start, next - LastOffsets), Math.Min(next, partition.End));
}
