using System.Runtime.CompilerServices;
using LakehouseLab.World.Geography;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Merchants;

/// <summary>A trade, with every figure of its purchases (from categories.csv).</summary>
internal sealed class Category
{
    private const int RankBits = 13;
    private const int RankSteps = 1 << RankBits;

    private readonly double _logMedian;
    private readonly double _sigma;
    private readonly double _spendingSigma;
    private readonly byte[] _ranks = new byte[RankSteps];

    private Category(string[] row, int firstOffset)
    {
        Name = row[0];
        Share = Atlas.Number(row[1]);
        RemoteShare = Atlas.Number(row[2]);
        _logMedian = WorldMath.Log(Atlas.Number(row[3]));
        _sigma = Atlas.Number(row[4]);
        _spendingSigma = row[5] == "1" ? PeopleFigures.DailySpendingSigma : PeopleFigures.SpendingSigma;
        EndsWith99 = Atlas.Number(row[6]);
        EndsWith00 = EndsWith99 + Atlas.Number(row[7]);
        EndsWith50 = EndsWith00 + Atlas.Number(row[8]);
        Merchants = Atlas.Whole(row[9]);
        System.Diagnostics.Debug.Assert(Merchants <= 256, "a rank is kept in a byte");
        Suffixes = row[10].Split('|');
        FirstOffset = firstOffset;

        // One rank for each of equal steps of chance. Density x^-s from 1 to n + 1, inverted: Zipf's law within the category.
        double logCount = WorldMath.Log(Merchants + 1);
        double lastDensity = WorldMath.Exp((1 - MerchantFigures.PopularityExponent) * logCount);
        for (int step = 0; step < RankSteps; step++)
        {
            double u = (step + 0.5) / RankSteps;
            double place = WorldMath.Exp(WorldMath.Log(1 + (u * (lastDensity - 1))) / (1 - MerchantFigures.PopularityExponent));
            _ranks[step] = (byte)Math.Min((int)place - 1, Merchants - 1);
        }
    }

    /// <summary>All categories.</summary>
    public static Category[] All { get; } = Load();

    public string Name { get; }

    /// <summary>Share of purchases, as a weight.</summary>
    public double Share { get; }

    /// <summary>Share of its purchases that are remote.</summary>
    public double RemoteShare { get; }

    /// <summary>Share of prices that end with .99.</summary>
    public double EndsWith99 { get; }

    /// <summary>Share of prices that end with .99 or .00.</summary>
    public double EndsWith00 { get; }

    /// <summary>Share of prices that end with .99, .00 or .50.</summary>
    public double EndsWith50 { get; }

    /// <summary>Merchants in each country.</summary>
    public int Merchants { get; }

    public IReadOnlyList<string> Suffixes { get; }

    /// <summary>The first of its merchants among those of a country.</summary>
    public int FirstOffset { get; }

    /// <summary>A merchant's rank by popularity, from 0, at 64 uniform bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PickRank(ulong bits) => _ranks[bits >> (64 - RankBits)];

    /// <summary>An amount in US dollars, log-normal in category and person.</summary>
    /// <param name="bits">64 uniform bits.</param>
    /// <param name="spending">How freely the person spends: <see cref="Population.SpendingOf"/>.</param>
    public double PickAmount(ulong bits, double spending) =>
        WorldMath.Exp(_logMedian + (_sigma * QuantileTable.Normal.At(bits)) + (_spendingSigma * spending));

    private static Category[] Load()
    {
        List<Category> categories = [];
        int offset = 0;
        foreach (string[] row in Atlas.Table("categories.csv"))
        {
            Category category = new(row, offset);
            categories.Add(category);
            offset += category.Merchants;
        }

        return [.. categories];
    }
}
