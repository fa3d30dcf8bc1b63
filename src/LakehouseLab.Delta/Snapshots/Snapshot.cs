using LakehouseLab.Delta.Log;

namespace LakehouseLab.Delta.Snapshots;

/// <summary>A version of a table: what it is and which files hold its rows. Immutable.</summary>
public sealed class Snapshot
{
    private readonly Dictionary<string, SetTransaction> _transactions;

    internal Snapshot(
        string location,
        long version,
        DateTimeOffset? timestamp,
        Protocol protocol,
        TableMetadata metadata,
        IReadOnlyList<AddFile> files,
        IReadOnlyList<RemoveFile> tombstones,
        Dictionary<string, SetTransaction> transactions)
    {
        Location = location;
        Version = version;
        Timestamp = timestamp;
        Protocol = protocol;
        Metadata = metadata;
        Files = files;
        Tombstones = tombstones;
        _transactions = transactions;
    }

    /// <summary>The table, as messages name it.</summary>
    public string Location { get; }

    /// <summary>The version, from 0.</summary>
    public long Version { get; }

    /// <summary>When the version was committed, or null when its commit was cleaned up.</summary>
    public DateTimeOffset? Timestamp { get; }

    /// <summary>Which readers and writers the table asks for.</summary>
    public Protocol Protocol { get; }

    /// <summary>What the table is.</summary>
    public TableMetadata Metadata { get; }

    /// <summary>The files that hold its rows, in the order of their paths.</summary>
    public IReadOnlyList<AddFile> Files { get; }

    /// <summary>Files that are listed under one spelling of their path and were removed, or are listed too, under another: readers that tell files apart by
    /// the strings of the log read them besides <see cref="Files"/>.</summary>
    public IReadOnlyList<AddFile> OtherSpellings { get; internal init; } = [];

    /// <summary>Files that were removed and not forgotten yet.</summary>
    public IReadOnlyList<RemoveFile> Tombstones { get; }

    /// <summary>The applications that wrote, with how far they came.</summary>
    public IReadOnlyCollection<SetTransaction> Transactions => _transactions.Values;

    /// <summary>How far an application has written.</summary>
    /// <returns>The version of its last commit, or null when it has made none.</returns>
    public long? TransactionVersion(string appId) => _transactions.TryGetValue(appId, out SetTransaction? transaction) ? transaction.Version : null;
}
