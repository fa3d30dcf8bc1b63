namespace LakehouseLab.Storage.Objects;

/// <summary>
/// What keeps the local files of one reading in their place: paths got with it are valid until it is disposed, and then nothing
/// of them is held. Thread-safe.
/// </summary>
public sealed class LocalLease : IDisposable
{
    private readonly Lock _lock = new();
    private List<IDisposable>? _holds = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        List<IDisposable>? holds;
        lock (_lock)
        {
            holds = _holds;
            _holds = null;
        }

        holds?.ForEach(static hold => hold.Dispose());
    }

    /// <summary>Puts a hold on a file into the lease; it ends with it.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended; so has the hold.</exception>
    internal void Add(IDisposable hold)
    {
        lock (_lock)
        {
            if (_holds is not null)
            {
                _holds.Add(hold);
                return;
            }
        }

        hold.Dispose();
        throw new ObjectDisposedException(nameof(LocalLease));
    }
}
