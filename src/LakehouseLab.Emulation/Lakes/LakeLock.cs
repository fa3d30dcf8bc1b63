using LakehouseLab.Storage.Objects;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The right to write to a lake, held until it is disposed of or the process ends, however it ends: a share in the lake, so that
/// nobody cleans it up meanwhile, and locks of what this process alone may write.</summary>
public sealed class LakeLock : IDisposable
{
    // A clean-up takes as long as a few requests; a server that does not answer holds up whoever waits as well.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private const int MostPauses = 1_500;

    private readonly List<IDisposable> _locks = [];

    private LakeLock()
    {
    }

    /// <summary>Releases all of it.</summary>
    public void Dispose() => _locks.ForEach(static one => one.Dispose());

    /// <summary>Takes a share in a lake, after a clean-up that is under way, and locks.</summary>
    /// <param name="store">The lake's objects.</param>
    /// <param name="keys">The locks.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What was taken; null when another holds one of the locks, or the whole lake for long.</returns>
    internal static async Task<LakeLock?> TryTakeAsync(IObjectStore store, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        LakeLock held = new();
        try
        {
            if (await held.TryShareAsync(store, cancellationToken).ConfigureAwait(false) && keys.All(key => held.TryAdd(store.TryLock(key))))
            {
                return held;
            }

            held.Dispose();
            return null;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private async Task<bool> TryShareAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        for (int pause = 0; pause < MostPauses; pause++)
        {
            if (TryAdd(store.TryShareLock(LakeLayout.Lock)))
            {
                return true;
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private bool TryAdd(IDisposable? taken)
    {
        if (taken is not null)
        {
            _locks.Add(taken);
        }

        return taken is not null;
    }
}
