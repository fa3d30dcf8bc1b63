namespace LakehouseLab.Audit.Gold;

/// <summary>
/// What each card paid in the 30 days before a day. A day is added to the sums of its cards when it ends and taken off again when
/// it is out of reach, so that a sum is never computed again. Not thread-safe.
/// </summary>
internal sealed class RecentSpending
{
    private const int ReachDays = 30;

    private readonly Queue<(int Day, Entry[] Entries)> _days = [];
    private readonly List<Entry> _today = [];
    private Sums[] _sums = [];

    /// <summary>The sums of a card.</summary>
    public Sums this[long user] => user < _sums.Length ? _sums[user] : default;

    /// <summary>Prepares for a card that is asked for soon.</summary>
    public void Prefetch(long user)
    {
        if (user < _sums.Length)
        {
            CacheLine.Fetch(ref _sums[user]);
        }
    }

    /// <summary>Adds to what a card paid on the day that ends.</summary>
    /// <param name="user">The cardholder.</param>
    /// <param name="payments">Number of payments.</param>
    /// <param name="cents">Their sum in US cents.</param>
    public void Add(long user, long payments, long cents)
    {
        if (user >= _sums.Length)
        {
            Array.Resize(ref _sums, checked((int)Math.Max(user + 1, _sums.Length * 2L)));
        }

        ref Sums sums = ref _sums[user];
        sums.Payments += payments;
        sums.Cents += cents;

        // Millions of entries are kept for a month: what does not fit in a small one takes several.
        do
        {
            uint some = (uint)Math.Min(cents, uint.MaxValue);
            ushort few = (ushort)Math.Min(payments, ushort.MaxValue);
            _today.Add(new Entry((uint)user, some, few));
            (cents, payments) = (cents - some, payments - few);
        }
        while (cents > 0 || payments > 0);
    }

    /// <summary>Ends a day.</summary>
    public void EndDay(int day)
    {
        if (_today.Count > 0)
        {
            _days.Enqueue((day, [.. _today]));
            _today.Clear();
        }
    }

    /// <summary>Turns to a day, to which the sums then belong.</summary>
    public void BeginDay(int day)
    {
        while (_days.TryPeek(out (int Day, Entry[] Entries) oldest) && oldest.Day < day - ReachDays)
        {
            foreach (Entry entry in _days.Dequeue().Entries)
            {
                ref Sums sums = ref _sums[entry.User];
                sums.Payments -= entry.Payments;
                sums.Cents -= entry.Cents;
            }
        }
    }

    /// <summary>What a card paid.</summary>
    internal struct Sums
    {
        public long Payments;
        public long Cents;
    }

    private readonly record struct Entry(uint User, uint Cents, ushort Payments);
}
