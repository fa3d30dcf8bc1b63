using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Pipeline.Runs;

/// <summary>The pipeline runs of a lake that came to an end: the newest of them. What is in the tables stands in the progress records.</summary>
/// <param name="lake">The lake.</param>
public sealed class RunHistory(Lake lake)
{
    /// <summary>So many runs are kept: three years of daily ones, or some hours of a stream.</summary>
    public const int Kept = 1_000;

    /// <summary>Reads the runs, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="LakeException">A run's record is damaged.</exception>
    public async Task<IReadOnlyList<PipelineReport>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        List<string> keys = await ListAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Keeps a run, and forgets the oldest beyond <see cref="Kept"/>.</summary>
    internal async Task AddAsync(PipelineReport report, CancellationToken cancellationToken)
    {
        await lake.Store.PutAsync($"{LakeLayout.Runs}{report.Id}.json", LakeDocument.Write(report, RunDocuments.Default.PipelineReport), cancellationToken).ConfigureAwait(false);
        List<string> keys = await ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (string key in keys.Take(Math.Max(0, keys.Count - Kept)))
        {
            await lake.Store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    // Runs are named by their beginning, so that the oldest comes first.
    private async Task<List<string>> ListAsync(CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.Runs, cancellationToken).ConfigureAwait(false))
        {
            if (item.Key.EndsWith(".json", StringComparison.Ordinal))
            {
                keys.Add(item.Key);
            }
        }

        return keys;
    }
}
