using System.Collections.Concurrent;
using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Server.Emulations;

/// <summary>The emulations that the service remembers, in memory. Looking one up takes no lock.</summary>
internal sealed class EmulationRegistry
{
    private readonly ConcurrentDictionary<Guid, EmulationJob> _byId = new();
    private readonly Lock _lock = new();
    private readonly List<EmulationJob> _byNumber = [];
    private long _lastNumber;

    /// <summary>Every emulation.</summary>
    public IEnumerable<EmulationJob> All => _byId.Values;

    /// <summary>Those that were started under an idempotency key.</summary>
    public IdempotentStarts<EmulationJob> Keys { get; } = new(static job => job.Record.BodyHash);

    /// <summary>The number of the next emulation.</summary>
    public long NextNumber()
    {
        lock (_lock)
        {
            return ++_lastNumber;
        }
    }

    /// <summary>Finds an emulation; null when there is none.</summary>
    public EmulationJob? Find(Guid id) => _byId.GetValueOrDefault(id);

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

    /// <summary>Adds an emulation that was read from the database.</summary>
    public void Restore(EmulationJob job)
    {
        Add(job);
        if (job.Record.IdempotencyKey is { } key)
        {
            Keys.Restore(key, job);
        }
    }

    /// <summary>The newest emulations.</summary>
    /// <param name="state">Those in a state; null for all.</param>
    /// <param name="before">Those with smaller numbers.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<EmulationJob> Page(JobState? state, long before, int limit)
    {
        List<EmulationJob> page = [];
        lock (_lock)
        {
            for (int i = _byNumber.Count - 1; i >= 0 && page.Count < limit; i--)
            {
                EmulationRecord record = _byNumber[i].Record;
                if (record.Number < before && (state is null || record.State == state))
                {
                    page.Add(_byNumber[i]);
                }
            }
        }

        return page;
    }

    /// <summary>Forgets the oldest ended emulations beyond a number of them.</summary>
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

            forgotten.AddRange(_byNumber.Where(job => job.Record.State.IsEnded()).Take(beyond));
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
