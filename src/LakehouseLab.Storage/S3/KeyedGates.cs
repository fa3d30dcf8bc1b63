namespace LakehouseLab.Storage.S3;

/// <summary>A gate for each key that lets one through at a time. Only keys that somebody is at are known.</summary>
internal sealed class KeyedGates
{
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>How many keys somebody is at.</summary>
    public int Count
    {
        get
        {
            lock (_gates)
            {
                return _gates.Count;
            }
        }
    }

    /// <summary>Waits until nobody else is within.</summary>
    /// <returns>Disposed on leaving.</returns>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Gate gate = Approach(key);
        try
        {
            await gate.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Passage(this, key, gate);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }
    }

    private Gate Approach(string key)
    {
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out Gate? gate))
            {
                gate = new Gate();
                _gates.Add(key, gate);
            }

            gate.People++;
            return gate;
        }
    }

    private void Leave(string key, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.People == 0)
            {
                _gates.Remove(key);
                gate.Turn.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int People { get; set; }
    }

    private sealed class Passage(KeyedGates gates, string key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Turn.Release();
            gates.Leave(key, gate);
        }
    }
}
