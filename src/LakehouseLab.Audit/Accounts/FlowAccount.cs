using LakehouseLab.Delta.Snapshots;

namespace LakehouseLab.Audit.Accounts;

/// <summary>What a lake says of a table: its batches, and how many of them its log has.</summary>
/// <param name="Table">The table, such as <c>silver.transactions</c>.</param>
/// <param name="Batches">The batches that could be read, by number.</param>
/// <param name="Recorded">How many batches are recorded.</param>
/// <param name="Snapshot">The table's newest version; null when it is not there or cannot be read.</param>
/// <param name="IsReadable">Whether it can be read, or is not there.</param>
internal sealed record FlowAccount(string Table, IReadOnlyDictionary<int, BatchDocument> Batches, int Recorded, Snapshot? Snapshot, bool IsReadable)
{
    /// <summary>The last batch in the table; -1 for none.</summary>
    public long Committed => Snapshot?.TransactionVersion(Table) ?? -1;

    /// <summary>What streams of Spark ingested into it, by partition and in order; nothing where none writes it.</summary>
    public IReadOnlyList<StreamedSpan> Streamed { get; init; } = [];

    /// <summary>The last batch of its rows: as <see cref="Committed"/>, or the last micro-batch of a stream.</summary>
    public long LastBatch => Streamed.Count == 0 ? Committed : Math.Max(Committed, Streamed.Max(static span => span.Batch));

    /// <summary>The last batch that a commit of the log says it has written; null when those that are left do not say.</summary>
    public long? LastWritten { get; init; }

    /// <summary>Whether all batches in the table could be read.</summary>
    public bool IsWhole => Recorded > Committed && !Enumerable.Range(0, (int)(Committed + 1)).Any(batch => !Batches.ContainsKey(batch));

    /// <summary>The objects of others that are in the table, as they were the last time that they were ingested, by key.</summary>
    public IReadOnlyDictionary<string, IngestedObject> IngestedOthers =>
        CommittedBatches.SelectMany(batch => batch.Objects ?? []).Where(item => item.Emulation is null).GroupBy(item => item.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last());

    /// <summary>Whether its last batch was made of the newest version of another table.</summary>
    public bool IsOfAll(FlowAccount input) =>
        CommittedBatches.LastOrDefault()?.Tables?.GetValueOrDefault(input.Table) is { } versions && versions.Until >= input.Snapshot?.Version;

    /// <summary>The batches in the table.</summary>
    public IEnumerable<BatchDocument> CommittedBatches => Batches.Where(batch => batch.Key <= Committed).OrderBy(batch => batch.Key).Select(batch => batch.Value);
}
