using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Bronze.Objects;
using LakehouseLab.Pipeline.Bronze.Replays;
using LakehouseLab.Pipeline.Bronze.Streams;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>The use case "take new records into Bronze": every object and every offset once, every record as it was received.</summary>
public sealed class BronzeIngestion
{
    // So many raw bytes are some millions of records: what one batch of Silver works on.
    private const long BytesPerBatch = 2L << 30;

    private readonly Lake _lake;
    private readonly Domain _domain;
    private readonly TableName _name;
    private readonly DeltaTable _table;
    private readonly BronzeSources _sources;
    private readonly int _threads;
    private readonly TimeProvider _clock;
    private readonly IProgress<PipelineProgress>? _progress;
    private readonly FlowProgress<BronzeInputs> _flow;
    private readonly List<BronzeInputs> _recorded;
    private readonly RawReading _reading;
    private readonly Dictionary<string, ObjectRemark> _remarks = new(StringComparer.Ordinal);
    private int _next;

    private BronzeIngestion(
        Lake lake, Domain domain, DeltaTable table, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, FlowProgress<BronzeInputs> flow, IReadOnlyList<BronzeInputs> recorded, long next)
    {
        _lake = lake;
        _domain = domain;
        _name = BronzeTable.Of(domain);
        _table = table;
        _sources = sources;
        _threads = threads;
        _clock = clock;
        _progress = progress;
        _flow = flow;
        _recorded = [.. recorded];
        _reading = new RawReading(lake, domain);
        _next = (int)next;
    }

    /// <summary>Takes in what is new of a domain, first what a killed run left, and makes the table when there is none.</summary>
    /// <param name="lake">The lake, which the caller has locked.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="sources">Where new records are taken from; what a killed run left is taken from where it is.</param>
    /// <param name="threads">Threads that read and write, at least 1.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Gets the bytes or messages that are read.</param>
    /// <param name="cancellationToken">Ends it between records; the batch is then not there, and run again by the next run.</param>
    /// <exception cref="LakeException">The flow's records are damaged. An object that cannot be ingested is not an error: the result remarks upon it.</exception>
    /// <exception cref="ModelException">A stream of Spark writes the table, and something is new.</exception>
    /// <exception cref="BrokerException">The cluster cannot be read, or has lost records that are not in the table.</exception>
    /// <exception cref="InvalidRequestException">A killed run left a batch of a topic, and there is no cluster.</exception>
    public static async Task<BronzeResult> RunAsync(
        Lake lake, Domain domain, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        if (await IsStreamedAsync(lake, domain, cancellationToken).ConfigureAwait(false))
        {
            BronzeBacklog backlog = await CountNewAsync(lake, domain, sources, cancellationToken).ConfigureAwait(false);
            return backlog is { Objects: 0, Offsets: 0 } ? new BronzeResult(0, 0, 0) : throw Streamed(lake, domain);
        }

        BronzeIngestion ingestion = await OpenAsync(lake, domain, sources, threads, clock, progress, cancellationToken).ConfigureAwait(false);
        BronzeResult result = await ingestion.RepeatAsync(cancellationToken).ConfigureAwait(false);
        if (sources.Raw)
        {
            result = Add(result, await ingestion.TakeObjectsAsync(cancellationToken).ConfigureAwait(false));
        }

        if (sources.Topics is { } intake)
        {
            result = Add(result, await ingestion.TakeTopicsAsync(intake, cancellationToken).ConfigureAwait(false));
        }

        await ingestion._flow.CondenseAsync(ingestion._recorded.Count - 1, cancellationToken).ConfigureAwait(false);
        return ingestion._remarks.Count == 0 ? result : result with { Remarks = [.. ingestion._remarks.Values.OrderBy(remark => remark.Key, StringComparer.Ordinal)] };
    }

    /// <summary>Appends a repaired record, after what a killed run left, and makes the table when there is none.</summary>
    /// <param name="lake">The lake, which the caller has locked.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="id">The quarantined record that it repairs.</param>
    /// <param name="payload">The repaired record, valid UTF-8.</param>
    /// <param name="sources">Where what a killed run left is taken from.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it between records; what is recorded by then is appended by the next run or replay.</param>
    /// <returns>The record with the batch that it is in, and whether it was recorded before with the same payload.</returns>
    /// <exception cref="LakeException">The flow's records are damaged.</exception>
    /// <exception cref="InvalidRequestException">A killed run left a batch of a topic, and there is no cluster.</exception>
    /// <exception cref="ModelException">A stream of Spark writes the table.</exception>
    public static async Task<ReplayResult> ReplayAsync(
        Lake lake, Domain domain, string id, string payload, BronzeSources sources, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await IsStreamedAsync(lake, domain, cancellationToken).ConfigureAwait(false))
        {
            throw Streamed(lake, domain);
        }

        BronzeIngestion ingestion = await OpenAsync(lake, domain, sources, threads: 1, clock, null, cancellationToken).ConfigureAwait(false);
        await ingestion.RepeatAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ReplayResult> earlier = ReplayResult.Of(id, ingestion._recorded);
        ReplayResult? same = earlier.FirstOrDefault(replay => replay.Record.Payload == payload);
        if (same is null)
        {
            ReplayedRecord record = new(id, payload) { Replay = earlier.Count == 0 ? null : earlier.Count + 1 };
            same = new ReplayResult(record, ingestion._recorded.Count, IsKnown: false);
            await ingestion.RecordAsync(new BronzeInputs([], Replayed: [record]), cancellationToken).ConfigureAwait(false);
            await ingestion.TakeRecordedAsync(cancellationToken).ConfigureAwait(false);
        }

        await ingestion._flow.CondenseAsync(ingestion._recorded.Count - 1, cancellationToken).ConfigureAwait(false);
        return same;
    }

    /// <summary>The repaired records that batches of a domain have recorded, in the order of their batches.</summary>
    /// <exception cref="LakeException">The flow's records are damaged.</exception>
    public static async Task<IReadOnlyList<ReplayResult>> FindReplaysAsync(Lake lake, Domain domain, CancellationToken cancellationToken) =>
        ReplayResult.Of(null, await FlowOf(lake, BronzeTable.Of(domain)).ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>What Bronze lacks of a domain, whoever writes the table.</summary>
    /// <exception cref="LakeException">The checkpoint of the stream that writes the table is lost.</exception>
    /// <exception cref="BrokerException">The cluster cannot say, or has lost records that are not in the table.</exception>
    public static async Task<BronzeBacklog> CountNewAsync(Lake lake, Domain domain, BronzeSources sources, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        IReadOnlyList<BronzeInputs> recorded = await FlowOf(lake, name).ReadAsync(cancellationToken).ConfigureAwait(false);
        Snapshot? snapshot = await new DeltaTable(lake.Store, name.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        long committed = snapshot?.TransactionVersion(name.ToString()) ?? -1;
        BronzeInputs[] left = [.. recorded.Skip((int)(committed + 1))];
        if (snapshot is not null && await StreamPosition.FindAsync(lake, name, snapshot, recorded, cancellationToken).ConfigureAwait(false) is { } streamed)
        {
            recorded = [.. recorded, streamed.Require().AsInputs];
        }

        RawPlan raw = sources.Raw ? await new RawIntake(lake, domain, sources.Reingest).LookAsync(recorded, cancellationToken).ConfigureAwait(false) : new RawPlan([], []);
        long objects = Enumerable.Range((int)(committed + 1), left.Length).Sum(batch => IngestedObjects.Of(batch, recorded).Count) + raw.Objects.Count;
        TopicPlan plan = sources.Topics is { } intake ? await intake.PlanAsync(recorded, cancellationToken).ConfigureAwait(false) : TopicPlan.Nothing;
        long offsets = left.SelectMany(inputs => inputs.Topics ?? []).Concat(plan.Ranges).Sum(range => range.Span.Length);
        return new BronzeBacklog(objects, offsets, plan.Topics) { Remarks = raw.Remarks, Replays = left.Sum(inputs => inputs.Replayed?.Count ?? 0) };
    }

    private static async Task<BronzeIngestion> OpenAsync(
        Lake lake, Domain domain, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        TableVersion table = await new TableCreation(new TableVersions(lake), clock).OpenAsync(
            name, BronzeTable.Schema, null, BronzeTable.DescriptionOf(domain), WritingEngine.Lakelab, cancellationToken, appendOnly: true).ConfigureAwait(false);
        FlowProgress<BronzeInputs> flow = FlowOf(lake, name);
        IReadOnlyList<BronzeInputs> recorded = await flow.ReadAsync(cancellationToken).ConfigureAwait(false);
        long committed = table.LastBatchOf(name.ToString());
        flow.RefuseUnrecorded(committed, recorded.Count, name.Prefix);

        return new BronzeIngestion(lake, domain, table.Table, sources, threads, clock, progress, flow, recorded, committed + 1);
    }

    private static async Task<bool> IsStreamedAsync(Lake lake, Domain domain, CancellationToken cancellationToken) =>
        await new DeltaTable(lake.Store, BronzeTable.Of(domain).Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false) is { } snapshot && StreamPosition.IsStreamed(snapshot);

    private static ModelException Streamed(Lake lake, Domain domain) => new(
        $"{lake.Location}/{BronzeTable.Of(domain).Prefix} is written by a stream of Spark, which alone ingests into it: run lakelab pipeline stream --engine spark (with --once to end when nothing more waits)");

    private static FlowProgress<BronzeInputs> FlowOf(Lake lake, TableName name) => new(lake, name.ToString(), BronzeInputs.Form);

    private static BronzeResult Add(BronzeResult one, BronzeResult other) =>
        new(one.Objects + other.Objects, one.Records + other.Records, one.Bytes + other.Bytes) { EventTime = other.EventTime ?? one.EventTime };

    private static IEnumerable<IReadOnlyList<RawObject>> Split(IReadOnlyList<RawObject> objects)
    {
        List<RawObject> some = [];
        long bytes = 0;
        foreach (RawObject item in objects)
        {
            if (some.Count > 0 && bytes + item.Length > BytesPerBatch)
            {
                yield return some;
                some = [];
                bytes = 0;
            }

            some.Add(item);
            bytes += item.Length;
        }

        if (some.Count > 0)
        {
            yield return some;
        }
    }

    // What killed runs recorded and did not commit. What cannot be ingested any more is recorded as such first.
    private async Task<BronzeResult> RepeatAsync(CancellationToken cancellationToken)
    {
        BronzeResult result = new(0, 0, 0);
        while (_next < _recorded.Count)
        {
            if (_recorded[_next].Topics is { Count: > 0 })
            {
                await RecordLostAsync(_next, cancellationToken).ConfigureAwait(false);
            }

            await WithdrawAsync(_next, _reading.FindChangeAsync, cancellationToken).ConfigureAwait(false);
            result = Add(result, await TakeNextAsync(cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    private async Task RecordLostAsync(int batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<TopicRange> readable = TopicPosition.ReadableOf(batch, _recorded);
        IReadOnlyDictionary<string, TopicState?> topics = await LogOf().FindAsync(readable.Select(range => range.Topic), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<LostOffsets> lost = TopicPlan.FindLost(batch, readable, topics, _sources.Topics!.AcceptLostOffsets);
        if (lost.Count > 0)
        {
            await RecordAsync(new BronzeInputs([], null, lost), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<BronzeResult> TakeObjectsAsync(CancellationToken cancellationToken)
    {
        RawPlan plan = await new RawIntake(_lake, _domain, _sources.Reingest).PlanAsync(_recorded, cancellationToken).ConfigureAwait(false);
        _remarks.Clear();
        foreach (ObjectRemark remark in plan.Remarks)
        {
            _remarks[remark.Key] = remark;
        }

        BronzeResult result = new(0, 0, 0);
        HashSet<Guid> stopped = [];
        foreach (IReadOnlyList<RawObject> planned in Split(plan.Objects))
        {
            IReadOnlyList<RawObject> objects = [.. planned.Where(item => item.Emulation is not { } emulation || !stopped.Contains(emulation))];
            if (objects.Count > 0)
            {
                await RecordAsync(new BronzeInputs(objects), cancellationToken).ConfigureAwait(false);
                result = Add(result, await TakeRecordedAsync(cancellationToken).ConfigureAwait(false));
                stopped.UnionWith(objects.Where(item => _remarks.ContainsKey(item.Key)).Select(item => item.Emulation).OfType<Guid>());
            }
        }

        return result;
    }

    private async Task<BronzeResult> TakeTopicsAsync(TopicIntake intake, CancellationToken cancellationToken)
    {
        BronzeResult result = new(0, 0, 0);
        foreach (BronzeInputs inputs in intake.Split(await intake.PlanAsync(_recorded, cancellationToken).ConfigureAwait(false)))
        {
            await RecordAsync(inputs, cancellationToken).ConfigureAwait(false);
            result = Add(result, await TakeRecordedAsync(cancellationToken).ConfigureAwait(false));
            if (intake.IsOneBatch)
            {
                break;
            }
        }

        return result;
    }

    private async Task RecordAsync(BronzeInputs inputs, CancellationToken cancellationToken)
    {
        await _flow.RecordAsync(_recorded.Count, inputs, cancellationToken).ConfigureAwait(false);
        _recorded.Add(inputs);
    }

    private async Task<BronzeResult> TakeRecordedAsync(CancellationToken cancellationToken)
    {
        BronzeResult result = new(0, 0, 0);
        while (_next < _recorded.Count)
        {
            result = Add(result, await TakeNextAsync(cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    private async Task<BronzeResult> TakeNextAsync(CancellationToken cancellationToken)
    {
        BronzeCounts counts = new(_flow, _next, _recorded[_next]);
        BronzeResult result = _recorded[_next] switch
        {
            { Replayed: { } records } => await new ReplayBatch(_lake, _table, _name, _next, records, _clock).RunAsync(cancellationToken).ConfigureAwait(false),
            { Topics: null, Lost: null } => await TakeObjectsOfNextAsync(counts, cancellationToken).ConfigureAwait(false),
            _ => await new TopicBatch(_lake, _table, _name, _next, TopicPosition.ReadableOf(_next, _recorded), counts, LogOf().Log, _domain, _clock, _progress).RunAsync(_threads, cancellationToken).ConfigureAwait(false),
        };
        _next++;
        return result;
    }

    // An object that was found to be unreadable only now is withdrawn, and the batch begins again without it.
    private async Task<BronzeResult> TakeObjectsOfNextAsync(BronzeCounts counts, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await new BronzeBatch(_lake, _domain, _table, _name, _next, IngestedObjects.Of(_next, _recorded), counts, _clock, _progress).RunAsync(_threads, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (RawReading.IsOfObject(exception))
            {
                if (!await WithdrawAsync(_next, _reading.FindFaultAsync, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }

    // Withdraws the objects of a batch that have a fault, and with them the later chunks of their emulations.
    private async Task<bool> WithdrawAsync(int batch, Func<RawObject, CancellationToken, Task<string?>> faultOf, CancellationToken cancellationToken)
    {
        List<WithdrawnObject> withdrawn = [];
        HashSet<Guid> stopped = [];
        foreach (RawObject item in IngestedObjects.Of(batch, _recorded))
        {
            bool waits = item.Emulation is { } emulation && stopped.Contains(emulation);
            if (!waits && await faultOf(item, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                waits = true;
                _remarks[item.Key] = new ObjectRemark(item.Key, ObjectState.Waits, fault);
                stopped.UnionWith(item.Emulation is { } stopping ? [stopping] : []);
            }

            if (waits)
            {
                withdrawn.Add(new WithdrawnObject(batch, item.Key));
            }
        }

        if (withdrawn.Count > 0)
        {
            await RecordAsync(new BronzeInputs([], Withdrawn: withdrawn), cancellationToken).ConfigureAwait(false);
        }

        return withdrawn.Count > 0;
    }

    private TopicIntake LogOf() => _sources.Topics ?? throw new InvalidRequestException(
        $"{_name}: an earlier run left a batch from Kafka unfinished, which comes first: set {KafkaConnection.ServersVariable}");
}
