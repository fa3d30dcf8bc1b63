using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Audit.Accounts;

/// <summary>Reads what the progress records of a lake say of each table, and how far the tables' logs are.</summary>
internal sealed class FlowReader(Lake lake, AccountStore store)
{
    // A batch is in the last commit, unless the table was rearranged since.
    private const int CommitsLookedAt = 3;

    /// <summary>Reads all of them, by table.</summary>
    /// <param name="tables">Tables that are looked at whether or not anything is recorded of them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyDictionary<string, FlowAccount>> ReadAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> keys = await store.ListAsync(LakeLayout.Progress, cancellationToken).ConfigureAwait(false);
        ILookup<string, string> byFlow = keys.Where(key => key.IndexOf('/', LakeLayout.Progress.Length) > 0)
            .ToLookup(key => key[LakeLayout.Progress.Length..key.IndexOf('/', LakeLayout.Progress.Length)], StringComparer.Ordinal);
        Dictionary<string, FlowAccount> flows = new(StringComparer.Ordinal);
        foreach (string flow in byFlow.Select(group => group.Key).Union(tables, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            flows.Add(flow, await ReadAsync(flow, byFlow[flow], cancellationToken).ConfigureAwait(false));
        }

        return flows;
    }

    private async Task<FlowAccount> ReadAsync(string flow, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        NumberedFolder folder = new($"{LakeLayout.Progress}{flow}/", keys);
        IReadOnlyList<(NumberedDocument Document, BatchDocument Entry)> entries = await store.ReadAsync(
            folder, AccountDocuments.Default.BatchDocument, AccountDocuments.Default.CondensedBatches, static _ => 1, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, BatchDocument> found = await store.ReadEachAsync(folder.Supplements.Values, AccountDocuments.Default.BatchDocument, cancellationToken).ConfigureAwait(false);
        Dictionary<int, BatchDocument> batches = [];
        NumberedDocument? document = null;
        int number = 0;
        foreach ((NumberedDocument own, BatchDocument entry) in entries)
        {
            number = own == document ? number + 1 : own.First;
            document = own;
            batches[number] = folder.Supplements.TryGetValue(number, out string? key) && found.TryGetValue(key, out BatchDocument? done) ? done : entry;
        }

        try
        {
            // Who audits the table says why it cannot be read.
            DeltaTable table = new(lake.Store, flow.Replace('.', '/'));
            Snapshot? snapshot = await table.FindSnapshotAsync(cancellationToken).ConfigureAwait(false);
            long? written = snapshot is null ? null : await FindLastWrittenAsync(table, cancellationToken).ConfigureAwait(false);
            FlowAccount account = new(flow, batches, folder.End, snapshot, IsReadable: true) { LastWritten = written };
            return account with { Streamed = await new StreamedReader(lake).ReadAsync(account, cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception exception) when (exception is DeltaException or StorageException { IsUnavailable: false })
        {
            return new FlowAccount(flow, batches, folder.End, null, IsReadable: false);
        }
    }

    private static async Task<long?> FindLastWrittenAsync(DeltaTable table, CancellationToken cancellationToken)
    {
        IReadOnlyList<HistoryEntry> history = await table.HistoryAsync(CommitsLookedAt, cancellationToken).ConfigureAwait(false);
        string? batch = history.Select(commit => commit.Parameters.GetValueOrDefault("batch") ?? BatchMark.Find(commit.UserMetadata)).FirstOrDefault(batch => batch is not null);
        return long.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
