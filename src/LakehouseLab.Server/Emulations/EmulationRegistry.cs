using System.Collections.Concurrent;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;

namespace LakehouseLab.Server.Emulations;

/// <summary>The emulations that the service remembers, in memory. Looking one up takes no lock.</summary>
/// <param name="origin">The database that keeps them.</param>
internal sealed class EmulationRegistry(string origin) : IEmulationStates
{
    private readonly ConcurrentDictionary<Guid, EmulationJob> _byId = new();
    private readonly Lock _lock = new();
    private readonly List<EmulationJob> _byNumber = [];
    private long _lastNumber;

    /// <summary>Every emulation.</summary>
    public IEnumerable<EmulationJob> All => _byId.Values;

    /// <summary>Those that were started under an idempotency key.</summary>
    public IdempotentStarts<EmulationJob> Keys { get; } = new(static job => job.Record.BodyHash);

    /// <summary>The order in which they end.</summary>
    public EndOrder Ends { get; } = new(origin);

    /// <summary>The number of the next emulation.</summary>
    public long NextNumber()
    {
        lock (_lock)
        {
            return ++_lastNumber;
        }
    }

    /// <summary>The emulations that a database holds.</summary>
    /// <exception cref="JobStoreException">A record is damaged.</exception>
    public static EmulationRegistry Of(JobDatabase database, TimeProvider clock)
    {
        EmulationRegistry registry = new(database.Id);
        foreach (StoredJob stored in database.Read(EmulationRecord.Kind))
        {
            EmulationJob job = new(EmulationRecord.Of(stored), clock);
            registry.Add(job);
            registry.Ends.Restore(job.Record.EndNumber ?? 0);
            if (job.Record.IdempotencyKey is { } key)
            {
                registry.Keys.Restore(key, job);
            }
        }

        return registry;
    }

    /// <summary>Finds an emulation; null when there is none.</summary>
    public EmulationJob? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Finds the emulation of which a request says the id; null when there is none.</summary>
    public EmulationJob? Find(string id) => Guid.TryParseExact(id, "D", out Guid parsed) ? Find(parsed) : null;

    /// <inheritdoc/>
    public bool IsUnfinished(Guid emulation) => Find(emulation)?.Record.State.IsEnded() is false;

    /// <summary>Adds an emulation that is durable.</summary>
    public void Add(EmulationJob job)
    {
        EmulationRecord record = job.Record;
        lock (_lock)
        {
            // Of several that became durable together a later one may be added first.
            int at = _byNumber.Count;
            while (at > 0 && _byNumber[at - 1].Record.Number > record.Number)
            {
                at--;
            }

            _byNumber.Insert(at, job);
            _lastNumber = Math.Max(_lastNumber, record.Number);
        }

        _byId[record.Id] = job;
    }

    /// <summary>A page of emulations, newest first, and the cursor of the next page.</summary>
    public (IEnumerable<EmulationJob> Emulations, string? Next) Page(JobPage page)
    {
        List<EmulationJob> found = [];
        lock (_lock)
        {
            for (int i = _byNumber.Count - 1; i >= 0 && found.Count <= page.Limit; i--)
            {
                EmulationRecord record = _byNumber[i].Record;
                if (record.Number < page.Before && (page.State is null || record.State == page.State))
                {
                    found.Add(_byNumber[i]);
                }
            }
        }

        return page.Split(found, job => job.Record.Number);
    }

    /// <summary>The emulations that have ended after an end, in the order in which they did.</summary>
    /// <param name="after">The number of the end.</param>
    /// <param name="page">How many at most, and in which state.</param>
    /// <returns>The emulations as they ended, and the number of the end up to which nothing is left out.</returns>
    public (IReadOnlyList<(EmulationJob Job, EmulationRecord Record)> Emulations, long Last) EndedAfter(long after, JobPage page)
    {
        // Looked at first: what is settled is there. Only numbers of emulations are told, since others may be given again after a restart.
        long settled = Ends.Settled;
        List<(EmulationJob Job, EmulationRecord Record)> numbered = [.. All.Select(job => (job, job.Record)).Where(pair => pair.Record.EndNumber > after && pair.Record.EndNumber <= settled)];
        List<(EmulationJob Job, EmulationRecord Record)> ended =
        [
            .. numbered.Where(pair => pair.Record.State.IsEnded() && (page.State is null || pair.Record.State == page.State)).OrderBy(pair => pair.Record.EndNumber).Take(page.Limit),
        ];
        return (ended, ended.Count == page.Limit ? ended[^1].Record.EndNumber!.Value : numbered.Select(pair => pair.Record.EndNumber!.Value).DefaultIfEmpty(after).Max());
    }

    /// <summary>Forgets ended emulations beyond a number of them, those first that ended first: whoever asks what ended lately finds it,
    /// and the number of the last end is never forgotten.</summary>
    /// <returns>What was forgotten.</returns>
    public IReadOnlyList<EmulationJob> Forget(int mostEnded)
    {
        List<EmulationJob> forgotten = [];
        lock (_lock)
        {
            int beyond = _byNumber.Count(job => job.Record.State.IsEnded()) - mostEnded;
            if (beyond <= 0)
            {
                return forgotten;
            }

            forgotten.AddRange(_byNumber.Where(job => job.Record.State.IsEnded()).OrderBy(job => job.Record.EndNumber).Take(beyond));
            _byNumber.RemoveAll(forgotten.Contains);
        }

        foreach (EmulationJob job in forgotten)
        {
            _byId.TryRemove(job.Record.Id, out _);
            if (job.Record.IdempotencyKey is { } key)
            {
                Keys.Forget(key);
            }
        }

        return forgotten;
    }
}
