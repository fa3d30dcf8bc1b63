using LakehouseLab.Delta.Log;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>The versions of an input table, which clean-ups may have taken: commits from its log, or files that later versions lack.</summary>
/// <param name="versions">The lake's tables.</param>
/// <param name="newest">The input's newest version.</param>
internal sealed class InputHistory(TableVersions versions, TableVersion newest)
{
    /// <summary>What the commits after one version up to another did to the table's rows.</summary>
    /// <returns>The changes, or null when the log no longer has all of the commits.</returns>
    public async Task<TableChanges?> FindChangesAsync(long after, long until, CancellationToken cancellationToken)
    {
        try
        {
            return await versions.GetChangesAsync(newest.Name, after, until, cancellationToken).ConfigureAwait(false);
        }
        catch (DeltaException exception) when (exception.IsCommitMissing)
        {
            return null;
        }
    }

    /// <summary>Whether a batch can read a range of versions: all that was added in it, and the table as it was at its end.</summary>
    /// <param name="range">The range.</param>
    /// <param name="comparesVersions">Whether the batch also compares the files at its end with those before it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<bool> IsReadableAsync(VersionRange range, bool comparesVersions, CancellationToken cancellationToken)
    {
        if (await FindFilesAsync(range, cancellationToken).ConfigureAwait(false) is not { } needed
            || (comparesVersions && range.After >= 0 && await FindAsync(range.After, cancellationToken).ConfigureAwait(false) is null))
        {
            return false;
        }

        HashSet<string> present = [.. newest.Files.Select(file => file.Path)];
        foreach (AddFile file in needed.Where(file => present.Add(file.Path)))
        {
            if (await IsGoneAsync(file, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The files that a batch reads: those of the table at the end of a range of versions, and those that were added in it.</summary>
    /// <returns>The files, or null when the log no longer names them.</returns>
    public async Task<IReadOnlyList<AddFile>?> FindFilesAsync(VersionRange range, CancellationToken cancellationToken)
    {
        if (await FindAsync(range.Until, cancellationToken).ConfigureAwait(false) is not { } until)
        {
            return null;
        }

        if (range.After < 0 || range.After >= range.Until)
        {
            return until.Files;
        }

        return await FindChangesAsync(range.After, range.Until, cancellationToken).ConfigureAwait(false) is { } changes ? [.. until.Files, .. changes.Added] : null;
    }

    private async Task<TableVersion?> FindAsync(long version, CancellationToken cancellationToken)
    {
        if (version == newest.Snapshot.Version)
        {
            return newest;
        }

        try
        {
            return await versions.GetAsync(newest.Name, version, cancellationToken).ConfigureAwait(false);
        }
        catch (DeltaException)
        {
            // The newest version was read, so that this one was cleaned up, or damaged, which comes to the same here.
            return null;
        }
    }

    private async Task<bool> IsGoneAsync(AddFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await newest.Table.Store.FindAsync(newest.Table.KeyOf(file.Path), cancellationToken).ConfigureAwait(false) is null;
        }
        catch (ArgumentException)
        {
            // A path that leads out of the lake is others' to keep.
            return false;
        }
    }
}
