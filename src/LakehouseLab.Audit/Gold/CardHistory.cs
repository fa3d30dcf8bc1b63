namespace LakehouseLab.Audit.Gold;

/// <summary>The last three payments of each card. Not thread-safe.</summary>
internal sealed class CardHistory
{
    // Long before any world, so that what never was is out of reach.
    private const long Never = long.MinValue / 2;

    private Card[] _cards = [];

    /// <summary>The history of a card. Valid until the next call.</summary>
    public ref Card this[long user]
    {
        get
        {
            if (user >= _cards.Length)
            {
                int known = _cards.Length;
                Array.Resize(ref _cards, checked((int)Math.Max(user + 1, known * 2L)));
                _cards.AsSpan(known).Fill(new Card { Last = Never, Second = Never, Third = Never });
            }

            return ref _cards[user];
        }
    }

    /// <summary>Prepares for a card that is asked for soon.</summary>
    public void Prefetch(long user)
    {
        if (user < _cards.Length)
        {
            CacheLine.Fetch(ref _cards[user]);
        }
    }

    /// <summary>When a card paid last, in Unix seconds, and where.</summary>
    internal struct Card
    {
        public long Last;
        public long Second;
        public long Third;
        public ushort Country;

        /// <summary>Adds a payment.</summary>
        public void Add(long second, ushort country)
        {
            (Third, Second, Last) = (Second, Last, second);
            Country = country;
        }
    }
}
