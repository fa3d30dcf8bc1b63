using System.Runtime.CompilerServices;
using LakehouseLab.Storage.Failures;

namespace LakehouseLab.Storage.Objects;

/// <summary>Asynchronous work on many items, some at once, with results in the order of the items: what takes a round trip each need not take one after another.</summary>
public static class Lookahead
{
    /// <summary>How many small objects are read at once.</summary>
    public const int SmallObjects = 16;

    /// <summary>How many files are fetched or uploaded at once.</summary>
    public const int Files = 4;

    /// <summary>Reads whole objects in the order of their keys; null for one that is not there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StorageException">One cannot be read.</exception>
    public static IAsyncEnumerable<(string Key, byte[]? Content)> ReadEachAsync(this IObjectStore store, IEnumerable<string> keys, CancellationToken cancellationToken) =>
        RunAsync(keys, SmallObjects, async (key, token) => (key, await store.ReadAsync(key, token).ConfigureAwait(false)), cancellationToken);

    /// <summary>Works on items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="atOnce">How many are worked on at once; results that wait to be taken count too.</param>
    /// <param name="work">Works on one. Whatever fails ends the rest.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items, int atOnce, Func<TItem, CancellationToken, Task<TResult>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<TResult>> ahead = new();
        try
        {
            foreach (TItem item in items)
            {
                if (ahead.Count == atOnce)
                {
                    yield return await ahead.Dequeue().ConfigureAwait(false);
                }

                ahead.Enqueue(work(item, stop.Token));
            }

            while (ahead.TryDequeue(out Task<TResult>? next))
            {
                yield return await next.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
