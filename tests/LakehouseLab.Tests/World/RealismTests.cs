using LakehouseLab.World.Geography;
using static LakehouseLab.Tests.World.RealismWorld;

namespace LakehouseLab.Tests.World;

/// <summary>The world looks like a consumer card business: what ordinary payments are held to. Bounds are the targets of docs/world.md.</summary>
public sealed partial class RealismTests
{
    private static readonly RealismWorld World = Instance;

    [Fact]
    public void Payments_RemoteShare_IsThatOfRetail() =>
        Check("remote share", Share(World.Payments, payment => payment.IsRemote), 0.12, 0.20);

    [Fact]
    public void Payments_LegitimateAmounts_SpreadAsCardPaymentsDo()
    {
        double[] amounts = [.. World.Payments.Where(payment => !payment.IsFraud).Select(payment => payment.Usd).Order()];
        Check("first quartile", amounts[amounts.Length / 4], 0.75 * 5.65, 1.25 * 5.65);
        Check("median", amounts[amounts.Length / 2], 0.75 * 22, 1.25 * 22);
        Check("third quartile", amounts[amounts.Length * 3 / 4], 0.75 * 77, 1.25 * 77);
        Check("mean / median", amounts.Average() / amounts[amounts.Length / 2], 3, 5.5);
        double mean = amounts.Average(Math.Log);
        Check("log sigma", Math.Sqrt(amounts.Average(amount => (Math.Log(amount) - mean) * (Math.Log(amount) - mean))), 1.6, 2.0);
    }

    [Fact]
    public void Payments_SpendOfUsers_IsConcentrated()
    {
        double[] spend = new double[World.Settings.Users];
        foreach (Payment payment in World.Payments)
        {
            spend[payment.User - 1] += payment.Usd;
        }

        Array.Sort(spend);
        double total = spend.Sum();
        Check("top quarter", spend.Skip(spend.Length * 3 / 4).Sum() / total, 0.75, 0.85);
        double gini = (2 * spend.Select((value, rank) => (rank + 1) * value).Sum() / (spend.Length * total)) - ((spend.Length + 1.0) / spend.Length);
        Check("Gini", gini, 0.65, 0.75);
    }

    [Fact]
    public void Payments_MerchantsByRank_FollowZipf()
    {
        double[] counts = [.. World.Payments.CountBy(payment => payment.Merchant).Select(pair => (double)pair.Value).OrderDescending()];
        double[] ranks = [.. Enumerable.Range(1, 1000).Select(rank => Math.Log(rank))];
        Check("slope of the thousand best known", Slope(ranks, [.. counts.Take(1000).Select(count => Math.Log(count))]), -1.2, -0.8);

        // Ranks evenly spaced on the logarithmic axis, so that the many rare merchants do not outweigh the known ones.
        int[] spaced = [.. Enumerable.Range(0, 40).Select(step => (int)Math.Exp(step / 40.0 * Math.Log(counts.Length))).Distinct()];
        Check("slope of all", Slope([.. spaced.Select(rank => Math.Log(rank))], [.. spaced.Select(rank => Math.Log(counts[rank - 1]))]), -1.2, -0.8);
    }

    [Fact]
    public void Payments_LocalHours_FollowPeoplesDay()
    {
        double[] hours = new double[24];
        foreach (Payment payment in World.Payments)
        {
            hours[World.LocalHour(payment)] += 1.0 / World.Payments.Count;
        }

        Check("hours 0-5", hours[..6].Sum(), 0.03, 0.07);
        Check("hours 9-20", hours[9..21].Sum(), 0.60, 0.72);
        Check("peak hour", hours.Max(), 0.08, 0.13);
    }

    [Fact]
    public void Payments_PerUserAndMonth_AreOverdispersed()
    {
        long endMs = World.Settings.Start.ToUnixTimeMilliseconds() + (60L * 86_400_000);
        double[] counts = new double[World.Settings.Users];
        foreach (Payment payment in World.Payments.TakeWhile(payment => payment.Milliseconds < endMs))
        {
            counts[payment.User - 1] += 0.5;
        }

        double mean = counts.Average();
        Check("payments per user and month", mean, 30, 50);

        // A mean of two months' independent counts would have half the mean as its variance.
        Check("variance / Poisson's", counts.Average(count => (count - mean) * (count - mean)) / (mean / 2), 3, 100);
    }

    [Fact]
    public void Payments_CurrencyAndDecimals_AreThoseOfTheMerchantsCountry() =>
        Assert.DoesNotContain(World.Payments, static payment =>
            payment.Currency != payment.Place.Country.Currency.Code || payment.Decimals != payment.Place.Country.Currency.Decimals || payment.Units <= 0);

    [Fact]
    public void Payments_LegitimateOnesInShops_TravelNoFasterThanAeroplanes()
    {
        int shops = 0;
        int impossible = 0;
        foreach (IGrouping<long, Payment> card in World.Payments.Where(payment => !payment.IsFraud && !payment.IsRemote).GroupBy(payment => payment.User))
        {
            foreach ((Payment before, Payment after) in card.Zip(card.Skip(1)))
            {
                shops++;
                impossible += IsImpossible(before, after) ? 1 : 0;
            }
        }

        Check("impossible journeys", impossible / (double)shops, 0, 0.001);
    }

    private static bool IsImpossible(in Payment before, in Payment after)
    {
        double km = Atlas.Instance.DistanceKm(before.Place.City!.Index, after.Place.City!.Index);
        return km >= 500 && km / Math.Max(1, after.Milliseconds - before.Milliseconds) * 3_600_000 >= 1000;
    }

    private static double Share<T>(IReadOnlyCollection<T> of, Func<T, bool> which) => of.Count(which) / (double)of.Count;

    private static double Slope(double[] x, double[] y)
    {
        double meanX = x.Average();
        double meanY = y.Average();
        return x.Zip(y, (xi, yi) => (xi - meanX) * (yi - meanY)).Sum() / x.Sum(xi => (xi - meanX) * (xi - meanX));
    }

    // The figure itself is in the test's output, so that a narrow pass is seen.
    private static void Check(string figure, double value, double low, double high)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{figure}: {value:0.#####} of {low:0.#####} to {high:0.#####}"));
        Assert.True(value >= low && value <= high, FormattableString.Invariant($"{figure} is {value:0.#####}, not {low:0.#####} to {high:0.#####}"));
    }
}
