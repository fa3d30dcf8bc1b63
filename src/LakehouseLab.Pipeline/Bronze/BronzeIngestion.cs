using LakehouseLab.Delta;
using LakehouseLab.Emulation.Formats;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>The use case "take new records into Bronze": every object and every offset once, every record as it was received.</summary>
public sealed class BronzeIngestion
{
    // So many raw bytes are some millions of records: what one batch of Silver works on.
    private const long BytesPerBatch = 2L << 30;

    private readonly Lake _lake;
    private readonly DomainSchema _domain;
    private readonly TableName _name;
    private readonly DeltaTable _table;
    private readonly BronzeSources _sources;
    private readonly int _threads;
    private readonly TimeProvider _clock;
    private readonly IProgress<PipelineProgress>? _progress;
    private readonly FlowProgress<BronzeInputs> _flow;
    private readonly List<BronzeInputs> _recorded;

    private BronzeIngestion(
        Lake lake, DomainSchema domain, DeltaTable table, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, IReadOnlyList<BronzeInputs> recorded)
    {
        _lake = lake;
        _domain = domain;
        _name = BronzeTable.Of(domain);
        _table = table;
        _sources = sources;
        _threads = threads;
        _clock = clock;
        _progress = progress;
        _flow = FlowOf(lake, _name);
        _recorded = [.. recorded];
    }

    /// <summary>Takes in what is new of a domain, first what a killed run left, and makes the table when there is none.</summary>
    /// <param name="lake">The lake, which the caller has locked.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="sources">Where new records are taken from; what a killed run left is taken from where it lies.</param>
    /// <param name="threads">Threads that read and write, at least 1.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Gets the bytes or messages that are read.</param>
    /// <param name="cancellationToken">Ends it between records; the batch is then not there, and run again by the next run.</param>
    /// <exception cref="LakeException">An object that a batch recorded is missing, or the flow's records are damaged.</exception>
    /// <exception cref="BrokerException">The cluster cannot be read, or has lost records that are not in the table.</exception>
    /// <exception cref="InvalidRequestException">A killed run left a batch of a topic, and there is no cluster.</exception>
    public static async Task<BronzeResult> RunAsync(
        Lake lake, DomainSchema domain, BronzeSources sources, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        (DeltaTable table, Snapshot snapshot) = await new TableCreation(lake, clock).OpenAsync(
            name, BronzeTable.Schema, null, $"{domain.Description} As it was received.", TableCreation.LakelabEngine, cancellationToken, appendOnly: true).ConfigureAwait(false);
        FlowProgress<BronzeInputs> flow = FlowOf(lake, name);
        IReadOnlyList<BronzeInputs> recorded = await flow.ReadAsync(cancellationToken).ConfigureAwait(false);
        long committed = snapshot.TransactionVersion(name.ToString()) ?? -1;
        flow.RefuseUnrecorded(committed, recorded.Count, name.Prefix);

        BronzeIngestion ingestion = new(lake, domain, table, sources, threads, clock, progress, recorded);
        BronzeResult result = await ingestion.RepeatAsync(committed + 1, cancellationToken).ConfigureAwait(false);
        if (sources.Raw)
        {
            result = Add(result, await ingestion.TakeObjectsAsync(cancellationToken).ConfigureAwait(false));
        }

        return sources.Topics is { } intake ? Add(result, await ingestion.TakeTopicsAsync(intake, cancellationToken).ConfigureAwait(false)) : result;
    }

    /// <summary>What Bronze lacks of a domain.</summary>
    /// <exception cref="BrokerException">The cluster cannot say, or has lost records that are not in the table.</exception>
    public static async Task<BronzeBacklog> CountNewAsync(Lake lake, DomainSchema domain, BronzeSources sources, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        IReadOnlyList<BronzeInputs> recorded = await FlowOf(lake, name).ReadAsync(cancellationToken).ConfigureAwait(false);
        Snapshot? snapshot = await new DeltaTable(lake.Store, name.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        long committed = snapshot?.TransactionVersion(name.ToString()) ?? -1;
        BronzeInputs[] left = [.. recorded.Skip((int)(committed + 1))];
        long objects = left.Sum(inputs => inputs.Objects.Count)
            + (sources.Raw ? (await RawInventory.ListNewAsync(lake, domain, TakenBy(recorded), cancellationToken).ConfigureAwait(false)).Count : 0);
        TopicPlan plan = sources.Topics is { } intake ? await intake.PlanAsync(recorded, cancellationToken).ConfigureAwait(false) : TopicPlan.Nothing;
        long offsets = left.SelectMany(inputs => inputs.Topics ?? []).Concat(plan.Ranges).Sum(range => range.Span.Length);
        return new BronzeBacklog(objects, offsets, plan.Topics);
    }

    private static FlowProgress<BronzeInputs> FlowOf(Lake lake, TableName name) => new(lake, name.ToString(), BronzeDocuments.Default.BronzeInputs);

    private static HashSet<string> TakenBy(IReadOnlyList<BronzeInputs> recorded) =>
        [.. recorded.SelectMany(inputs => inputs.Objects).Select(item => item.Key)];

    private static BronzeResult Add(BronzeResult one, BronzeResult other) =>
        new(one.Objects + other.Objects, one.Records + other.Records, one.Bytes + other.Bytes) { EventTime = other.EventTime ?? one.EventTime };

    private static IEnumerable<BronzeInputs> Split(IReadOnlyList<BronzeObject> objects)
    {
        List<BronzeObject> some = [];
        long bytes = 0;
        foreach (BronzeObject item in objects)
        {
            if (some.Count > 0 && bytes + item.Length > BytesPerBatch)
            {
                yield return new BronzeInputs(some);
                some = [];
                bytes = 0;
            }

            some.Add(item);
            bytes += item.Length;
        }

        if (some.Count > 0)
        {
            yield return new BronzeInputs(some);
        }
    }

    // What killed runs recorded and did not commit, in order. A record of what is lost, made on the way, is a batch after them.
    private async Task<BronzeResult> RepeatAsync(long first, CancellationToken cancellationToken)
    {
        BronzeResult result = new(0, 0, 0);
        for (int batch = (int)first; batch < _recorded.Count; batch++)
        {
            if (_recorded[batch].Topics is { Count: > 0 })
            {
                await RecordLostAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            result = Add(result, await TakeAsync(batch, cancellationToken).ConfigureAwait(false));
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
        BronzeResult result = new(0, 0, 0);
        foreach (BronzeInputs inputs in Split(await RawInventory.ListNewAsync(_lake, _domain, TakenBy(_recorded), cancellationToken).ConfigureAwait(false)))
        {
            await RefuseUnreadableAsync(inputs, cancellationToken).ConfigureAwait(false);
            await RecordAsync(inputs, cancellationToken).ConfigureAwait(false);
            result = Add(result, await TakeAsync(_recorded.Count - 1, cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    private async Task<BronzeResult> TakeTopicsAsync(TopicIntake intake, CancellationToken cancellationToken)
    {
        BronzeResult result = new(0, 0, 0);
        foreach (BronzeInputs inputs in intake.Split(await intake.PlanAsync(_recorded, cancellationToken).ConfigureAwait(false)))
        {
            await RecordAsync(inputs, cancellationToken).ConfigureAwait(false);
            result = Add(result, await TakeAsync(_recorded.Count - 1, cancellationToken).ConfigureAwait(false));
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

    private Task<BronzeResult> TakeAsync(int batch, CancellationToken cancellationToken) => _recorded[batch] is { Topics: null, Lost: null } inputs
        ? new BronzeBatch(_lake, _domain, _table, _name, batch, inputs, _clock, _progress).RunAsync(_threads, cancellationToken)
        : new TopicBatch(_lake, _table, _name, batch, TopicPosition.ReadableOf(batch, _recorded), LogOf().Log, _domain, _clock, _progress).RunAsync(_threads, cancellationToken);

    private TopicIntake LogOf() => _sources.Topics ?? throw new InvalidRequestException(
        $"{_name}: an earlier run left a batch from Kafka unfinished, which comes first: set {KafkaConnection.ServersVariable}");

    // What a batch has recorded it must read: an object that nobody can read would bar the way for ever. Our own chunks are
    // whole or not there, so it is enough that they can be opened, and so it is for lines, which are what they are; those that
    // lie elsewhere were listed a moment ago by whoever may read them.
    private async Task RefuseUnreadableAsync(BronzeInputs inputs, CancellationToken cancellationToken)
    {
        foreach (BronzeObject item in inputs.Objects.Where(item => item.Location is null))
        {
            ChunkFormat format = item.Emulation is null ? ChunkFormat.OfRaw(item.Key) : ChunkFormat.Json;
            using RecordReader records = await RecordReader.OpenAsync(_lake.Store, item.Key, _domain, format, cancellationToken).ConfigureAwait(false);
            while (format != ChunkFormat.Json && records.TryRead(out _))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
