using LakehouseLab.Delta;
using LakehouseLab.Delta.Log;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Maintenance;

/// <summary>Deletes the files of a lake's table that neither time travel nor an unfinished batch of a model needs.</summary>
/// <param name="lake">The lake, which the caller has locked unless nothing is deleted.</param>
/// <param name="catalog">The models.</param>
/// <param name="clock">The clock.</param>
public sealed class TableVacuum(Lake lake, ModelCatalog catalog, TimeProvider clock)
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
        TableVersions versions = new(lake);
        TableVersion newest = await versions.GetAsync(name, cancellationToken).ConfigureAwait(false);
        return await Vacuum.RunAsync(newest.Table, dryRun, await FindNeededAsync(versions, newest, cancellationToken).ConfigureAwait(false), clock, cancellationToken).ConfigureAwait(false);
    }

    // A batch that is recorded and not in its table is run again with the versions that it recorded.
    private async Task<IReadOnlyCollection<AddFile>> FindNeededAsync(TableVersions versions, TableVersion newest, CancellationToken cancellationToken)
    {
        string name = newest.Name.ToString();
        List<AddFile> needed = [];
        foreach (Model model in catalog.Models.Where(model => model.Inputs.Contains(newest.Name)))
        {
            if (await FindUnfinishedAsync(versions, newest.Name, model, cancellationToken).ConfigureAwait(false) is { } inputs
                && inputs.Tables.TryGetValue(name, out VersionRange? range) && range.Until >= 0 && range.TableId == newest.Snapshot.Metadata.Id)
            {
                needed.AddRange(await new InputHistory(versions, newest).FindFilesAsync(range, cancellationToken).ConfigureAwait(false) ?? []);
            }
        }

        return needed;
    }

    private static async Task<ModelInputs?> FindUnfinishedAsync(TableVersions versions, TableName name, Model model, CancellationToken cancellationToken)
    {
        try
        {
            return await new ModelPlanner(versions).FindUnfinishedAsync(model, cancellationToken).ConfigureAwait(false);
        }
        catch (DeltaException exception)
        {
            throw new DeltaException($"{name} is left as it is, since nobody knows what {model.Table} still needs of it: {exception.Message}", exception);
        }
    }
}
