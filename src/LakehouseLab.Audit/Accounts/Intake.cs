using LakehouseLab.Audit.Tables;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Rows;
using LakehouseLab.Storage.Failures;
using LakehouseLab.World.Domains;

namespace LakehouseLab.Audit.Accounts;

/// <summary>
/// How far each table has got, by its own <c>txn</c> and progress: the last batch of Bronze that is in it, whatever tables are
/// between. What is not recorded counts as ingested, so that it is compared.
/// </summary>
/// <param name="lake">The lake.</param>
/// <param name="flows">What is recorded of each table.</param>
internal sealed class Intake(Lake lake, IReadOnlyDictionary<string, FlowAccount> flows)
{
    private const long Nothing = -1;
    private const long Everything = long.MaxValue;

    private readonly Dictionary<(string Table, long Version), long> _batches = [];
    private readonly Dictionary<string, Dictionary<string, int>> _ingested = new(StringComparer.Ordinal);

    /// <summary>The last batch of a domain's Bronze table that a table has ingested.</summary>
    public async Task<long> FindBatchAsync(string table, Domain domain, CancellationToken cancellationToken)
    {
        FlowAccount? flow = flows.GetValueOrDefault(table);
        return flow is null || !flow.IsReadable ? Everything
            : flow.Snapshot is null || flow.Committed < 0 ? Nothing
            : await FindBatchAsync(flow, flow.LastBatch, domain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows of chunks that are in no batch up to one.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="emulation">An emulation of it.</param>
    /// <param name="batch">The batch of <see cref="FindBatchAsync(string, Domain, CancellationToken)"/>.</param>
    public IEnumerable<RowRange> WaitingOf(Domain domain, EmulationAccount emulation, long batch)
    {
        if (batch == Nothing)
        {
            return emulation.Manifest.Ranges.Select(range => new RowRange(range.FirstRow, range.EndRow));
        }

        if (batch == Everything)
        {
            return [];
        }

        Dictionary<string, int> ingested = IngestedOf(TableSources.BronzeOf(domain));
        return emulation.Chunks.Where(chunk => !ingested.TryGetValue(chunk.Key, out int own) || own > batch).Select(static (ChunkInfo chunk) => new RowRange(chunk.FirstRow, chunk.EndRow));
    }

    /// <summary>The offset after the last of a partition that batches up to one ingested; null for none.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="batch">The batch of <see cref="FindBatchAsync(string, Domain, CancellationToken)"/>.</param>
    /// <param name="topicId">The topic's id: another topic of the same name does not count.</param>
    /// <param name="partition">The partition.</param>
    public long? IngestedUntil(Domain domain, long batch, string topicId, int partition) => flows[TableSources.BronzeOf(domain)].Batches
        .Where(own => own.Key <= batch)
        .SelectMany(own => own.Value.Topics ?? [])
        .Where(offsets => offsets.TopicId == topicId && offsets.Partition == partition)
        .Select(offsets => (long?)offsets.Until)
        .Concat(flows[TableSources.BronzeOf(domain)].Streamed
            .Where(span => span.Batch <= batch && span.TopicId == topicId && span.Partition == partition)
            .Select(span => (long?)span.Until))
        .Max();

    /// <summary>Whether a batch says how far a table has got, so that something can wait behind it.</summary>
    public static bool IsKnown(long batch) => batch is not (Nothing or Everything);

    private async Task<long> FindBatchAsync(FlowAccount flow, long batch, Domain domain, CancellationToken cancellationToken)
    {
        if (flow.Table.StartsWith("bronze.", StringComparison.Ordinal))
        {
            return flow.Table != TableSources.BronzeOf(domain) || !flow.IsWhole ? Everything : Math.Min(batch, flow.LastBatch);
        }

        if (batch < 0)
        {
            return Nothing;
        }

        long least = Everything;
        if (flow.Batches.TryGetValue((int)Math.Min(batch, flow.Committed), out BatchDocument? inputs))
        {
            foreach ((string input, IngestedVersions versions) in inputs.Tables ?? new Dictionary<string, IngestedVersions>())
            {
                if (flows.TryGetValue(input, out FlowAccount? source) && source is { Snapshot: not null, Recorded: > 0 } && TableSources.Of(input).Contains(domain))
                {
                    long read = await FindBatchAtAsync(source, versions, cancellationToken).ConfigureAwait(false);
                    least = Math.Min(least, await FindBatchAsync(source, read, domain, cancellationToken).ConfigureAwait(false));
                }
            }
        }

        return least;
    }

    // The batch that a table had as of the version that was read.
    private async Task<long> FindBatchAtAsync(FlowAccount source, IngestedVersions versions, CancellationToken cancellationToken)
    {
        Snapshot snapshot = source.Snapshot!;
        if (versions.Until < 0)
        {
            return Nothing;
        }

        if (versions.Until >= snapshot.Version || (versions.TableId is { } id && !string.Equals(id, snapshot.Metadata.Id, StringComparison.OrdinalIgnoreCase)))
        {
            return Everything;
        }

        if (!_batches.TryGetValue((source.Table, versions.Until), out long batch))
        {
            batch = await ReadBatchAsync(source, versions.Until, cancellationToken).ConfigureAwait(false);
            _batches.Add((source.Table, versions.Until), batch);
        }

        return batch;
    }

    // A version that was cleaned up was read long ago by a table that nothing has come into since.
    private async Task<long> ReadBatchAsync(FlowAccount source, long version, CancellationToken cancellationToken)
    {
        try
        {
            Snapshot snapshot = await new DeltaTable(lake.Store, source.Table.Replace('.', '/')).GetSnapshotAsync(version, cancellationToken).ConfigureAwait(false);
            long batch = snapshot.TransactionVersion(source.Table) ?? Nothing;
            return source.Streamed.Count == 0 ? batch : Math.Max(batch, LastOf(snapshot));
        }
        catch (Exception exception) when (exception is DeltaException or StorageException { IsUnavailable: false })
        {
            return Everything;
        }
    }

    // Whoever audits the table holds statistics against the files.
    private static long LastOf(Snapshot snapshot)
    {
        try
        {
            return snapshot.Files.Select(file => file.Statistics is null ? Everything : LogStatistics.Parse(file.Statistics).Of(TableDeclaration.Lineage[0]).Max ?? Everything).DefaultIfEmpty(Nothing).Max();
        }
        catch (FormatException)
        {
            return Everything;
        }
    }

    private Dictionary<string, int> IngestedOf(string bronze)
    {
        if (!_ingested.TryGetValue(bronze, out Dictionary<string, int>? ingested))
        {
            ingested = new Dictionary<string, int>(StringComparer.Ordinal);
            FlowAccount flow = flows[bronze];
            foreach ((int number, BatchDocument batch) in flow.Batches.Where(batch => batch.Key <= flow.Committed).OrderBy(batch => batch.Key))
            {
                foreach (WithdrawnObject withdrawn in batch.Withdrawn ?? [])
                {
                    ingested.Remove(withdrawn.Key);
                }

                foreach (IngestedObject item in batch.Objects ?? [])
                {
                    ingested.TryAdd(item.Key, number);
                }
            }

            _ingested.Add(bronze, ingested);
        }

        return ingested;
    }
}
