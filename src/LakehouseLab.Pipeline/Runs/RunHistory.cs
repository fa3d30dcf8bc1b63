using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Storage;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>The pipeline runs of a lake that came to an end.</summary>
/// <param name="lake">The lake.</param>
public sealed class RunHistory(Lake lake)
{
    /// <summary>Reads the runs, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="LakeException">A run's record is damaged.</exception>
    public async Task<IReadOnlyList<PipelineReport>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.Runs, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        List<PipelineReport> runs = [];
        await foreach ((string key, byte[]? json) in lake.Store.ReadEachAsync(keys.AsEnumerable().Reverse().Take(limit), cancellationToken).ConfigureAwait(false))
        {
            if (json is not null)
            {
                runs.Add(LakeDocument.Read(json, $"{lake.Location}/{key}", RunDocuments.Default.PipelineReport));
            }
        }

        return runs;
    }

    /// <summary>Keeps a run.</summary>
    internal async Task AddAsync(PipelineReport report, CancellationToken cancellationToken) =>
        await lake.Store.PutAsync($"{LakeLayout.Runs}{report.Id}.json", LakeDocument.Write(report, RunDocuments.Default.PipelineReport), cancellationToken).ConfigureAwait(false);
}
