namespace LakehouseLab.World.Randomness;

/// <summary>What a draw is for. Streams of a world's seed and of one person are apart by these numbers alone, so they never change.</summary>
internal static class Purpose
{
    // Of the seed.
    public const ulong Person = 1;
    public const ulong UserId = 2;
    public const ulong TransactionId = 3;
    public const ulong LogId = 4;
    public const ulong Spacing = 5;
    public const ulong Transaction = 6;
    public const ulong Episode = 7;
    public const ulong Inherent = 8;
    public const ulong Merchant = 9;
    public const ulong Session = 10;
    public const ulong SessionSpacing = 11;
    public const ulong ProfileOrder = 12;
    public const ulong ProfileTime = 13;

    // Of a person; what takes a number of its own counts up from a multiple of 2^48.
    public const ulong Spending = 1;
    public const ulong ResidenceLength = 2;
    public const ulong TripOffset = 3;
    public const ulong Birth = 4;
    public const ulong GivenName = 5;
    public const ulong FamilyName = 6;
    public const ulong Signup = 7;
    public const ulong Score = 8;
    public const ulong PhoneLength = 9;
    public const ulong EmailLength = 10;
    public const ulong Devices = 11;
    public const ulong NightWork = 12;
    public const ulong Residence = 1UL << 48;
    public const ulong Trip = 2UL << 48;
    public const ulong Favourite = 3UL << 48;
    public const ulong Address = 4UL << 48;
    public const ulong Phone = 5UL << 48;
    public const ulong Email = 6UL << 48;
    public const ulong MonthlyScore = 7UL << 48;
    public const ulong Risk = 8UL << 48;
    public const ulong Device = 9UL << 48;
    public const ulong Network = 10UL << 48;
}
