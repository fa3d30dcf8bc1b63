using LakehouseLab.World.Batches;
using static LakehouseLab.Tests.World.RealismWorld;

namespace LakehouseLab.Tests.World;

/// <summary>What frauds are held to.</summary>
public sealed partial class RealismTests
{
    private static readonly List<Payment> Frauds = [.. World.Payments.Where(payment => payment.IsFraud)];

    [Fact]
    public void Frauds_ShareOfPayments_IsTheSetting() =>
        Check("fraud share", Frauds.Count / (double)World.Payments.Count, 0.9 * World.Settings.FraudRate, 1.1 * World.Settings.FraudRate);

    [Theory]
    [InlineData(FraudRule.AccountTakeover)]
    [InlineData(FraudRule.CardTesting)]
    [InlineData(FraudRule.MerchantCollusion)]
    [InlineData(FraudRule.GeographicalAnomaly)]
    [InlineData(FraudRule.Inherent)]
    public void Frauds_ShareOfARule_IsThatOfTheMix(FraudRule rule)
    {
        double share = World.Settings.FraudMix.ShareOf(rule);
        Check($"share of {rule}", Share(Frauds, fraud => fraud.Rule == rule), 0.85 * share, 1.15 * share);
    }

    [Fact]
    public void Frauds_ShareOfValue_IsAboveTheirShareOfPayments()
    {
        double ofValue = Frauds.Sum(fraud => fraud.Usd) / World.Payments.Sum(payment => payment.Usd);
        Check("value share / count share", ofValue / (Frauds.Count / (double)World.Payments.Count), 1.5, 3);
    }

    [Fact]
    public void Frauds_PerCompromisedCardAndDay_AreSome() =>
        Check("frauds per card and day", Frauds.Count / (double)Frauds.Select(fraud => (fraud.User, fraud.Day)).Distinct().Count(), 1.5, 4);

    [Fact]
    public void Frauds_RemoteShareOfValue_IsThatOfCardFraud() =>
        Check("remote share of fraud value", Frauds.Where(fraud => fraud.IsRemote).Sum(fraud => fraud.Usd) / Frauds.Sum(fraud => fraud.Usd), 0.65, 0.85);

    [Fact]
    public void Frauds_RateAcrossBorders_IsSeveralTimesTheDomesticOne()
    {
        ILookup<bool, Payment> abroad = World.Payments.ToLookup(payment => payment.Place.Country != World.Profiles[(int)payment.User - 1].Country);
        double foreign = abroad[true].Count(payment => payment.IsFraud) / (double)abroad[true].Count();
        double domestic = abroad[false].Count(payment => payment.IsFraud) / (double)abroad[false].Count();
        Check("cross-border / domestic", foreign / domestic, 5, 17);
    }

    [Fact]
    public void Frauds_Amounts_AreProbesOrHighValues()
    {
        double probes = Share(Frauds, fraud => fraud.Usd <= 5);
        double between = Share(Frauds, fraud => fraud.Usd is > 15 and <= 75);
        double high = Share(Frauds, fraud => fraud.Usd >= 100);
        Check("probes", probes, 0.2, 0.5);
        Check("high values", high, 0.35, 0.7);
        Check("between", between, 0, probes / 2);
        Check("fraud mean / legitimate mean", Frauds.Average(fraud => fraud.Usd) / World.Payments.Where(payment => !payment.IsFraud).Average(payment => payment.Usd), 1.2, 5);
        Check("most frequent amount", Frauds.CountBy(fraud => (fraud.Currency, fraud.Units)).Max(pair => pair.Value) / (double)Frauds.Count, 0, 0.02);
    }

    [Fact]
    public void Frauds_RateAtNight_IsSeveralTimesThatOfTheAfternoon()
    {
        (int From, int To)[] spans = [(2, 6), (14, 18)];
        double[] rates = [.. spans.Select(span =>
        {
            List<Payment> within = [.. World.Payments.Where(payment => World.LocalHour(payment) is int hour && hour >= span.From && hour < span.To)];
            return Share(within, payment => payment.IsFraud);
        })];
        Check("night / afternoon", rates[0] / rates[1], 3, 10);
    }

    [Fact]
    public void Frauds_FieldsOfRecords_HoldNothingThatLegitimateOnesLack()
    {
        Assert.Empty(Only(payment => payment.Merchant));
        Assert.Empty(Only(payment => payment.Place));
        Assert.Empty(Only(payment => payment.Currency));
        Assert.Empty(Only(payment => (payment.Currency, payment.Units % 100)));

        static IEnumerable<TValue> Only<TValue>(Func<Payment, TValue> value) =>
            Frauds.Select(value).Except(World.Payments.Where(payment => !payment.IsFraud).Select(value));
    }

    [Fact]
    public void GeographicalAnomalies_FromTheLastShopOutsideTheEpisode_AreImpossible()
    {
        Dictionary<long, List<Payment>> shops = World.Payments.Where(payment => !payment.IsRemote).GroupBy(payment => payment.User).ToDictionary(card => card.Key, card => card.ToList());
        List<Payment> anomalies = [.. Frauds.Where(fraud => fraud.Rule == FraudRule.GeographicalAnomaly)];
        int impossible = anomalies.Count(fraud =>
        {
            Payment before = shops[fraud.User].LastOrDefault(payment => payment.Milliseconds < fraud.Milliseconds && payment.Episode != fraud.Episode);
            return before.User != 0 && IsImpossible(before, fraud);
        });
        Check("impossible anomalies", impossible / (double)anomalies.Count, 0.95, 1);
    }

    [Fact]
    public void CardTesting_Episodes_AreBurstsOfTinyAttemptsAtFewMerchants()
    {
        long lastMs = World.Payments[^1].Milliseconds - (3 * 86_400_000L);
        foreach (IGrouping<long, Payment> episode in Frauds.Where(fraud => fraud.Rule == FraudRule.CardTesting).GroupBy(fraud => fraud.Episode))
        {
            if (episode.First().Milliseconds < lastMs)
            {
                Assert.True(episode.Count() >= 20);
                Assert.All(episode, attempt => Assert.InRange(attempt.Usd, 0.001, 2.01));
                Assert.InRange(episode.Select(attempt => attempt.Merchant).Distinct().Count(), 1, 2);
                Assert.InRange(episode.CountBy(attempt => attempt.User).Max(card => card.Value), 1, 6);
                Assert.All(episode.Zip(episode.Skip(1)), pair => Assert.InRange(pair.Second.Milliseconds - pair.First.Milliseconds, 0, 60_000));
            }
        }
    }

    [Fact]
    public void AccountTakeovers_Purchases_FollowALoginFromAnUnseenDevice()
    {
        ILookup<long, Login> logins = World.Logins.ToLookup(login => login.User);
        List<Payment> takeovers = [.. Frauds.Where(fraud => fraud.Rule == FraudRule.AccountTakeover)];
        Assert.NotEmpty(takeovers);
        int foreign = 0;
        foreach (Payment fraud in takeovers)
        {
            Login login = logins[fraud.User].LastOrDefault(login => login.Episode == fraud.Episode && login.Milliseconds <= fraud.Milliseconds);
            Assert.Equal(fraud.User, login.User);
            Assert.DoesNotContain(logins[fraud.User], other => other.Device == login.Device && other.Episode != fraud.Episode);
            foreign += login.Place.Country != World.Profiles[(int)fraud.User - 1].Country ? 1 : 0;
        }

        Check("takeovers from abroad", foreign / (double)takeovers.Count, 0.3, 0.8);
    }
}
