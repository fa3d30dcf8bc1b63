using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Maintenance;

/// <summary>Deletes the files of a lake's table that neither time travel nor an unfinished batch of a model needs.</summary>
/// <param name="lake">The lake, which the caller has locked unless nothing is deleted.</param>
/// <param name="clock">The clock.</param>
public sealed class TableVacuum(Lake lake, TimeProvider clock)
{
    /// <summary>Vacuums a table.</summary>
    /// <param name="name">The table.</param>
    /// <param name="dryRun">Whether nothing is deleted.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The files that were deleted, or would be.</returns>
    /// <exception cref="DeltaException">The table cannot be read, or cannot be vacuumed safely.</exception>
    /// <exception cref="LakeException">A model's progress is damaged, so that it is not known what is needed.</exception>
    public async Task<IReadOnlyList<ObjectInfo>> RunAsync(TableName name, bool dryRun, CancellationToken cancellationToken)
    {
        DeltaTable table = new(lake.Store, name.Prefix);
        Snapshot newest = await table.GetSnapshotAsync(cancellationToken).ConfigureAwait(false);
        return await Vacuum.RunAsync(table, dryRun, await FindNeededAsync(name, newest, cancellationToken).ConfigureAwait(false), clock, cancellationToken).ConfigureAwait(false);
    }

    // A batch that is recorded and not in its table is run again with the versions that it recorded.
    private async Task<IReadOnlyCollection<AddFile>> FindNeededAsync(TableName name, Snapshot newest, CancellationToken cancellationToken)
    {
        List<AddFile> needed = [];
        foreach (Model model in ModelCatalog.LoadBuiltIn().Models.Where(model => model.Inputs.Contains(name)))
        {
            if (await FindUnfinishedAsync(name, model, cancellationToken).ConfigureAwait(false) is { } inputs
                && inputs.Tables.TryGetValue(name.ToString(), out VersionRange? range) && range.Until >= 0 && range.TableId == newest.Metadata.Id)
            {
                needed.AddRange(await new InputHistory(lake, name, newest).FindFilesAsync(range, cancellationToken).ConfigureAwait(false) ?? []);
            }
        }

        return needed;
    }

    private async Task<ModelInputs?> FindUnfinishedAsync(TableName name, Model model, CancellationToken cancellationToken)
    {
        try
        {
            return await ModelPlanner.FindUnfinishedAsync(lake, model, cancellationToken).ConfigureAwait(false);
        }
        catch (DeltaException exception)
        {
            throw new DeltaException($"{name} is left as it is, since nobody knows what {model.Table} still needs of it: {exception.Message}", exception);
        }
    }
}
