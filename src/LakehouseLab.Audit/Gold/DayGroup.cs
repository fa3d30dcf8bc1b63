namespace LakehouseLab.Audit.Gold;

/// <summary>Payments of a person at a merchant on a day in a currency. Amounts have four decimals.</summary>
internal struct DayGroup
{
    public long Payments;
    public long Amount;
    public long Largest;
    public long Labelled;
    public long Frauds;
    public long FraudAmount;

    /// <summary>A person, a merchant and a currency as one number.</summary>
    public static ulong KeyOf(long user, int merchant, int currency) => ((ulong)user << 32) | ((ulong)(uint)merchant << 8) | (uint)currency;

    /// <summary>The person of a key.</summary>
    public static long UserOf(ulong key) => (long)(key >> 32);

    /// <summary>The merchant of a key.</summary>
    public static int MerchantOf(ulong key) => (int)((key >> 8) & 0xFF_FFFF);

    /// <summary>The currency of a key.</summary>
    public static int CurrencyOf(ulong key) => (int)(key & 0xFF);

    /// <summary>Adds a payment.</summary>
    /// <param name="amount">Its amount.</param>
    /// <param name="fraud">Its label; null when it is not known.</param>
    public void Add(long amount, bool? fraud)
    {
        Payments++;
        Amount += amount;
        Largest = Math.Max(Largest, amount);
        Labelled += fraud is null ? 0 : 1;
        Frauds += fraud is true ? 1 : 0;
        FraudAmount += fraud is true ? amount : 0;
    }

    /// <summary>Adds another group.</summary>
    public void Add(in DayGroup other)
    {
        Payments += other.Payments;
        Amount += other.Amount;
        Largest = Math.Max(Largest, other.Largest);
        Labelled += other.Labelled;
        Frauds += other.Frauds;
        FraudAmount += other.FraudAmount;
    }
}
