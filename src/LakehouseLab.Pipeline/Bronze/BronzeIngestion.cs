using LakehouseLab.Delta;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>The use case "take raw records into Bronze": every object once, every record as it was received.</summary>
public static class BronzeIngestion
{
    // So many raw bytes are some millions of records: what one batch of Silver works on.
    private const long BytesPerBatch = 2L << 30;

    /// <summary>Takes in what is new of a domain, first what a killed run left, and makes the table when there is none.</summary>
    /// <param name="lake">The lake, which the caller has locked.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="threads">Threads that read and write, at least 1.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Gets the bytes that are read.</param>
    /// <param name="cancellationToken">Ends it between records; the batch is then not there, and run again by the next run.</param>
    /// <exception cref="LakeException">An object that a batch recorded is missing, or the flow's records are damaged.</exception>
    public static async Task<BronzeResult> RunAsync(
        Lake lake, DomainSchema domain, int threads, TimeProvider clock, IProgress<PipelineProgress>? progress, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        TableCreation tables = new(lake, clock);
        (DeltaTable table, Snapshot snapshot) = await tables.OpenAsync(
            name, BronzeTable.Schema, null, $"{domain.Description} As it was received.", TableCreation.LakelabEngine, cancellationToken, appendOnly: true).ConfigureAwait(false);
        FlowProgress<BronzeInputs> flow = FlowOf(lake, name);
        IReadOnlyList<BronzeInputs> recorded = await flow.ReadAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> taken = TakenBy(recorded);
        BronzeResult result = new(0, 0, 0);
        long committed = snapshot.TransactionVersion(name.ToString()) ?? -1;
        flow.RefuseUnrecorded(committed, recorded.Count, name.Prefix);
        for (long batch = committed + 1; batch < recorded.Count; batch++)
        {
            result = Add(result, await new BronzeBatch(lake, table, name, batch, recorded[(int)batch], clock, progress).RunAsync(threads, cancellationToken).ConfigureAwait(false));
        }

        IReadOnlyList<BronzeObject> fresh = await RawInventory.ListNewAsync(lake, domain, taken, cancellationToken).ConfigureAwait(false);
        long number = recorded.Count;
        foreach (BronzeInputs inputs in Split(fresh))
        {
            await RefuseUnreadableAsync(lake, inputs, cancellationToken).ConfigureAwait(false);
            await flow.RecordAsync(number, inputs, cancellationToken).ConfigureAwait(false);
            result = Add(result, await new BronzeBatch(lake, table, name, number, inputs, clock, progress).RunAsync(threads, cancellationToken).ConfigureAwait(false));
            number++;
        }

        return result;
    }

    /// <summary>How many objects of a domain Bronze lacks.</summary>
    public static async Task<long> CountNewObjectsAsync(Lake lake, DomainSchema domain, CancellationToken cancellationToken)
    {
        TableName name = BronzeTable.Of(domain);
        IReadOnlyList<BronzeInputs> recorded = await FlowOf(lake, name).ReadAsync(cancellationToken).ConfigureAwait(false);
        Snapshot? snapshot = await new DeltaTable(lake.Store, name.Prefix).FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
        long committed = snapshot?.TransactionVersion(name.ToString()) ?? -1;
        IReadOnlyList<BronzeObject> fresh = await RawInventory.ListNewAsync(lake, domain, TakenBy(recorded), cancellationToken).ConfigureAwait(false);
        return fresh.Count + recorded.Skip((int)(committed + 1)).Sum(inputs => inputs.Objects.Count);
    }

    // What a batch has recorded it must read: an object that nobody can open would bar the way for ever.
    private static async Task RefuseUnreadableAsync(Lake lake, BronzeInputs inputs, CancellationToken cancellationToken)
    {
        foreach (BronzeObject item in inputs.Objects)
        {
            Stream stream = await lake.Store.OpenReadAsync(item.Key, 0, cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static FlowProgress<BronzeInputs> FlowOf(Lake lake, TableName name) => new(lake, name.ToString(), BronzeDocuments.Default.BronzeInputs);

    private static HashSet<string> TakenBy(IReadOnlyList<BronzeInputs> recorded) =>
        [.. recorded.SelectMany(inputs => inputs.Objects).Select(item => item.Key)];

    private static BronzeResult Add(BronzeResult one, BronzeResult other) =>
        new(one.Objects + other.Objects, one.Records + other.Records, one.Bytes + other.Bytes);

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
}
