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
                ulong key = Draw.Key(unchecked((ulong)seed), Purpose.Merchant, (ulong)((country.Index << 8) + category.FirstOffset));
                Permutation names = new(key, (long)Brands.Length * category.Suffixes.Count);
                for (int rank = 0; rank < category.Merchants; rank++)
                {
                    int name = (int)names.Apply(rank);
                    Names.Add($"{Brands[name % Brands.Length]} {category.Suffixes[name / Brands.Length]}");
                }
            }
        }
    }

    /// <summary>The merchants' names. The same name in several countries is one chain.</summary>
    public Utf8Dictionary Names { get; } = new();

    /// <summary>The merchant of a country and category with a rank by popularity.</summary>
    public int Find(int country, Category category, int rank) => (country * _perCountry) + category.FirstOffset + rank;
}
