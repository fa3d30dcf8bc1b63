using LakehouseLab.World.Geography;
using LakehouseLab.World.Merchants;
using LakehouseLab.World.People;
using LakehouseLab.World.Randomness;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.World.Parts;

/// <summary>What all factories of a world share. Immutable, so that threads need not take turns.</summary>
internal sealed class WorldParts
{
    public WorldParts(WorldSettings settings)
    {
        Settings = settings;
        Population = new Population(settings);
        Merchants = new MerchantCatalogue(settings.Seed);
        double[][] weights = HourWeights(Population.Markets);
        MarketsByHour = [.. weights.Select(byMarket => new AliasTable(byMarket))];
        Timeline = new Timeline(settings.Start.ToUnixTimeMilliseconds(), WholeWeights(weights), (double)settings.Users * settings.PaymentsPerMonth);
        Categories = new AliasTable([.. Category.All.Select(category => category.Share)]);
        Countries = new AliasTable([.. Atlas.Instance.Countries.Select(country => country.Share)]);
        CountryOfCity = [.. Atlas.Instance.Cities.Select(city => city.Country.Index)];
    }

    public WorldSettings Settings { get; }

    public Population Population { get; }

    public MerchantCatalogue Merchants { get; }

    public Pricing Pricing { get; } = new();

    public Words Words { get; } = new();

    public Timeline Timeline { get; }

    /// <summary>Per hour of the week in UTC, which market an action is of: those where it is day have more.</summary>
    public AliasTable[] MarketsByHour { get; }

    /// <summary>Categories by share of purchases.</summary>
    public AliasTable Categories { get; }

    /// <summary>Countries by share of people.</summary>
    public AliasTable Countries { get; }

    public int[] CountryOfCity { get; }

    // A market's share of all people times its weight at the local hour; half-hour offsets take the mean of both hours.
    private static double[][] HourWeights(IReadOnlyList<Market> markets)
    {
        double people = markets.Sum(market => (double)market.People);
        double[][] weights = new double[Timeline.HoursPerWeek][];
        for (int hour = 0; hour < Timeline.HoursPerWeek; hour++)
        {
            int utcHour = hour;
            weights[hour] = [.. markets.Select(market =>
            {
                int minutes = (utcHour * 60) + market.UtcOffsetMinutes;
                return market.People / people * (LocalWeight(minutes) + LocalWeight(minutes + 59)) / 2;
            })];
        }

        return weights;
    }

    private static double LocalWeight(int minuteOfWeek)
    {
        int hour = ((minuteOfWeek + (Timeline.HoursPerWeek * 60)) / 60) % Timeline.HoursPerWeek;
        return RhythmFigures.Hours[hour % 24] * (double)RhythmFigures.Days[hour / 24];
    }

    // Scaled to a mean of 100, as the timeline's range asks for.
    private static int[] WholeWeights(double[][] weights)
    {
        double[] sums = [.. weights.Select(byMarket => byMarket.Sum())];
        double scale = 100 * Timeline.HoursPerWeek / sums.Sum();
        return [.. sums.Select(sum => Math.Max(1, (int)((sum * scale) + 0.5)))];
    }
}
