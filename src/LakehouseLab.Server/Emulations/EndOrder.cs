using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LakehouseLab.Server.Emulations;

/// <summary>
/// Numbers the ends of emulations in their order, so that a client can ask for those after one that it knows. An end gets its number
/// before it is durable, and one with a larger number may be durable first: until then, those after it are not told. Thread-safe.
/// </summary>
/// <param name="origin">What keeps the numbers: those of another place say nothing here.</param>
internal sealed class EndOrder(string origin)
{
    /// <summary>The cursor before every end.</summary>
    public const string Start = "start";

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _open = [];
    private long _last;

    /// <summary>The last end up to which no other can come in between.</summary>
    public long Settled
    {
        get
        {
            lock (_lock)
            {
                return _open.Count > 0 ? _open.Min - 1 : _last;
            }
        }
    }

    /// <summary>The cursor of an end.</summary>
    public string CursorOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{origin}-{number}");

    /// <summary>Reads a cursor.</summary>
    /// <param name="cursor">What a client sent.</param>
    /// <param name="number">The end.</param>
    /// <param name="problem">What is wrong with it and what to send.</param>
    public bool TryRead(string cursor, out long number, [NotNullWhen(false)] out string? problem)
    {
        number = 0;
        string[] parts = cursor.Split('-');
        bool isCursor = parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number);
        problem = cursor == Start ? null
            : !isCursor ? "is not a cursor"
            : parts[0] != origin ? "is a cursor of another job database"
            : number > Settled ? "is ahead of this job database, which seems to be an older copy"
            : null;
        return problem is null;
    }

    /// <summary>Takes over the number of an end that is durable.</summary>
    public void Restore(long number)
    {
        lock (_lock)
        {
            _last = Math.Max(_last, number);
        }
    }

    /// <summary>Gives an end its number and brings it about; if that fails, the number stays unused.</summary>
    /// <param name="end">Makes the end durable and visible.</param>
    public async Task AddAsync(Func<long, Task> end)
    {
        long number;
        lock (_lock)
        {
            number = ++_last;
            _open.Add(number);
        }

        try
        {
            await end(number).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(number);
            }
        }
    }
}
