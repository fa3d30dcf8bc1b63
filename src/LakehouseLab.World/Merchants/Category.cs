using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Merchants;

/// <summary>A trade, with every figure of its purchases (from categories.csv).</summary>
internal sealed class Category
{
    private Category(string[] row, int firstOffset)
    {
        Name = row[0];
        Share = Atlas.Number(row[1]);
        RemoteShare = Atlas.Number(row[2]);
        double median = Atlas.Number(row[3]);
        double sigma = Atlas.Number(row[4]);
        Amounts = QuantileTable.Of(u => median * WorldMath.Exp(sigma * QuantileTable.Normal.At((ulong)(u * ulong.MaxValue))));
        Daily = row[5] == "1";
        EndsWith99 = Atlas.Number(row[6]);
        EndsWith00 = EndsWith99 + Atlas.Number(row[7]);
        EndsWith50 = EndsWith00 + Atlas.Number(row[8]);
        Merchants = Atlas.Whole(row[9]);
        Suffixes = row[10].Split('|');
        FirstOffset = firstOffset;

        // Density x^-s from 1 to n + 1, inverted: Zipf's law within the category.
        double logCount = WorldMath.Log(Merchants + 1);
        double lastDensity = WorldMath.Exp((1 - MerchantFigures.PopularityExponent) * logCount);
        Ranks = QuantileTable.Of(u => WorldMath.Exp(WorldMath.Log(1 + (u * (lastDensity - 1))) / (1 - MerchantFigures.PopularityExponent)) - 1);
    }

    /// <summary>All categories.</summary>
    public static IReadOnlyList<Category> All { get; } = Load();

    public string Name { get; }

    /// <summary>Share of purchases, as a weight.</summary>
    public double Share { get; }

    /// <summary>Share of its purchases that are remote.</summary>
    public double RemoteShare { get; }

    /// <summary>Amounts in US dollars of a person who spends as the median one does.</summary>
    public QuantileTable Amounts { get; }

    /// <summary>Whether people differ less in what they spend here.</summary>
    public bool Daily { get; }

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

    private QuantileTable Ranks { get; }

    /// <summary>A merchant's rank by popularity, from 0, at 64 uniform bits.</summary>
    public int PickRank(ulong bits) => Math.Min((int)Ranks.At(bits), Merchants - 1);

    private static List<Category> Load()
    {
        List<Category> categories = [];
        int offset = 0;
        foreach (string[] row in Atlas.Table("categories.csv"))
        {
            Category category = new(row, offset);
            categories.Add(category);
            offset += category.Merchants;
        }

        return categories;
    }
}
