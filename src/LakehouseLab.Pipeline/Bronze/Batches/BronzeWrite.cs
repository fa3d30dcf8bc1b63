using System.Globalization;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Bronze.Batches;

/// <summary>Writes a batch of Bronze, wherever its records come from: groups of them on some threads, committed at once.</summary>
internal sealed class BronzeWrite(Lake lake, DeltaTable table, TableName name, long number, TimeProvider clock)
{
    /// <summary>Bytes of records after which a file is ended: two chunks of the default size, so that a million transactions keep two
    /// threads busy, in files of some 25 MB.</summary>
    public const long BytesPerFile = 128L << 20;

    /// <summary>Writes and commits.</summary>
    /// <typeparam name="T">What a group is made of.</typeparam>
    /// <param name="groups">The groups.</param>
    /// <param name="write">Writes a group's files, by its number, at a local path of its own.</param>
    /// <param name="complete">Records what was found out, once all is written and before it is committed.</param>
    /// <param name="threads">Groups that are written at once.</param>
    /// <param name="cancellationToken">Ends it; nothing is committed then.</param>
    /// <exception cref="ModelException">Another writer changed the table meanwhile.</exception>
    public async Task RunAsync<T>(
        IReadOnlyList<List<T>> groups,
        Func<int, List<T>, string, CancellationToken, Task<IReadOnlyList<WrittenFile>>> write,
        Func<CancellationToken, Task> complete,
        int threads,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<WrittenFile>[] written = new IReadOnlyList<WrittenFile>[groups.Count];
        using ScratchFolder scratch = lake.Store.CreateScratch();
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, groups.Count, options, async (group, token) =>
            written[group] = await write(group, groups[group], scratch.PathOf(group.ToString(CultureInfo.InvariantCulture)), token).ConfigureAwait(false)).ConfigureAwait(false);

        await complete(cancellationToken).ConfigureAwait(false);
        Snapshot snapshot = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        await BatchCommit.RunAsync(table, snapshot, name.ToString(), number, [], written.SelectMany(files => files), clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes the files of a group under names that no other group has.</summary>
    public DataFilePublisher PublisherOf(int group) =>
        new(table, BronzeTable.Schema, clock, string.Create(CultureInfo.InvariantCulture, $"{number:D8}-{group:D5}-"));
}
