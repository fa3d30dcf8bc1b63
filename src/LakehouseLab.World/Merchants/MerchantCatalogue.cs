using LakehouseLab.World.Batches;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.World.Merchants;

/// <summary>The merchants of every country, by category and popularity; a merchant is its entry in <see cref="Names"/>. Immutable.</summary>
internal sealed class MerchantCatalogue
{
    private static readonly string[] Brands =
    [
        "Alder", "Amber", "Anchor", "Apex", "Arbor", "Argo", "Aspen", "Atlas", "Aurora", "Azure", "Beacon", "Birch", "Bluebird", "Boreal",
        "Bravo", "Bright", "Canyon", "Cedar", "Celeste", "Cobalt", "Comet", "Compass", "Copper", "Coral", "Cosmo", "Crown", "Crystal",
        "Cypress", "Dahlia", "Delta", "Dune", "Echo", "Eden", "Ember", "Falcon", "Fern", "Fjord", "Forum", "Fox", "Galaxy", "Garnet",
        "Glacier", "Golden", "Granite", "Grove", "Harbor", "Haven", "Hazel", "Heron", "Horizon", "Indigo", "Iris", "Ivory", "Jade",
        "Jasper", "Juniper", "Kestrel", "Lagoon", "Lark", "Laurel", "Linden", "Lotus", "Lumen", "Luna", "Lynx", "Magnolia", "Maple",
        "Marble", "Meadow", "Meridian", "Metro", "Mistral", "Monarch", "Mosaic", "Nectar", "Nimbus", "Nova", "Oak", "Oasis", "Ocean",
        "Olive", "Onyx", "Opal", "Orbit", "Orchid", "Orion", "Osprey", "Otter", "Palm", "Panda", "Pearl", "Pebble", "Pine", "Pioneer",
        "Polar", "Poppy", "Prairie", "Prime", "Quartz", "Quill", "Raven", "Redwood", "Ridge", "River", "Robin", "Ruby", "Saffron", "Sage",
        "Sequoia", "Sierra", "Silver", "Solar", "Sparrow", "Spruce", "Star", "Stone", "Summit", "Swan", "Tango", "Terra", "Tiger", "Topaz",
        "Tulip", "Tundra", "Umbra", "Union", "Velvet", "Vertex", "Violet", "Vista", "Willow", "Wren", "Zenith", "Zephyr",
    ];

    private readonly int _perCountry = Category.All.Sum(category => category.Merchants);

    public MerchantCatalogue(long seed)
    {
        foreach (Country country in Atlas.Instance.Countries)
        {
            foreach (Category category in Category.All)
            {
                AddNames(unchecked((ulong)seed), country, category);
            }
        }
    }

    /// <summary>The merchants' names. The same name in several countries is one chain.</summary>
    public Utf8Dictionary Names { get; } = new();

    /// <summary>The merchant of a country and category with a rank by popularity.</summary>
    public int Find(int country, Category category, int rank) => (country * _perCountry) + category.FirstOffset + rank;

    // A category's names are shared out: even ones are chains' and the same in every country, odd ones national.
    private void AddNames(ulong seed, Country country, Category category)
    {
        ulong chainKey = Draw.Key(seed, Purpose.Merchant, (ulong)category.FirstOffset);
        ulong key = Draw.Key(seed, Purpose.Merchant, (ulong)(((country.Index + 1) << 16) + category.FirstOffset));
        long half = (long)Brands.Length * category.Suffixes.Count / 2;
        Permutation chains = new(chainKey, half);
        Permutation nationals = new(key, half);
        for (int rank = 0; rank < category.Merchants; rank++)
        {
            double chance = MerchantFigures.ChainReach / (MerchantFigures.ChainReach + rank);
            bool chain = Draw.Unit(Draw.Bits(key, (ulong)rank)) < chance;
            int name = (int)(2 * (chain ? chains : nationals).Apply(rank)) + (chain ? 0 : 1);
            Names.Add($"{Brands[name % Brands.Length]} {category.Suffixes[name / Brands.Length]}");
        }
    }
}
