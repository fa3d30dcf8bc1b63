namespace LakehouseLab.World.Purchases;

/// <summary>Who was last drafted for a purchase when, for the last some thousands of drafts in order of time. One place is kept for each group of
/// people, so that of two in a group the later is known. Not thread-safe.</summary>
/// <remarks>What it tells depends on the drafts of the last <see cref="PurchaseFigures.ShortestPauseMs"/> alone: any place whose entry is older tells nothing.</remarks>
internal sealed class RecentPurchases
{
    // So few that the core's nearest cache holds them: with few people there are fewer drafts within minutes, with many hardly two of one person.
    private const int Places = 1 << 11;

    private readonly (long Person, long Milliseconds)[] _places = new (long, long)[Places];

    public RecentPurchases() => Clear();

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Fill(_places, (-1, 0));

    /// <summary>Adds a draft.</summary>
    /// <returns>Whether the person's last one was so shortly before that nobody would believe it.</returns>
    public bool Add(long person, long milliseconds)
    {
        ref (long Person, long Milliseconds) place = ref _places[(int)(person & (Places - 1))];
        bool clashes = place.Person == person && milliseconds - place.Milliseconds < PurchaseFigures.ShortestPauseMs;
        place = (person, milliseconds);
        return clashes;
    }
}
