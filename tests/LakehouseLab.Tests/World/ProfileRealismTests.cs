using System.Text;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;
using static LakehouseLab.Tests.World.RealismWorld;

namespace LakehouseLab.Tests.World;

/// <summary>Profiles hang together and look like people's.</summary>
public sealed class ProfileRealismTests
{
    // National numbers without the trunk prefix (ITU-T E.164 national numbering plans).
    private static readonly Dictionary<string, (string Code, int[] Lengths)> s_numberingPlans = new(StringComparer.Ordinal)
    {
        ["US"] = ("1", [10]), ["CA"] = ("1", [10]), ["MX"] = ("52", [10]), ["BR"] = ("55", [11]), ["AR"] = ("54", [11]), ["GB"] = ("44", [10]),
        ["IE"] = ("353", [9]), ["FR"] = ("33", [9]), ["DE"] = ("49", [10, 11]), ["ES"] = ("34", [9]), ["IT"] = ("39", [10]), ["NL"] = ("31", [9]),
        ["PL"] = ("48", [9]), ["SE"] = ("46", [9]), ["CH"] = ("41", [9]), ["TR"] = ("90", [10]), ["IN"] = ("91", [10]), ["JP"] = ("81", [10]),
        ["KR"] = ("82", [10]), ["AU"] = ("61", [9]), ["ZA"] = ("27", [9]), ["KW"] = ("965", [8]),
    };

    private static readonly List<Profile> s_profiles = Instance.Profiles;

    [Fact]
    public void Profiles_Addresses_AreWrittenAsTheCountryDoes() => Assert.All(s_profiles, static profile =>
    {
        WrittenAddress address = WrittenAddress.Read(profile.Address, profile.Country);
        Assert.Equal((profile.Home, profile.Home.Region), (address.City, address.Region));
    });

    [Fact]
    public void Profiles_PostalCodes_AreManyInACity()
    {
        foreach (IGrouping<string, Profile> city in s_profiles.GroupBy(profile => profile.Home.Name).Where(city => city.Count() > 100))
        {
            Assert.InRange(city.Select(profile => WrittenAddress.Read(profile.Address, profile.Country).PostalCode).Distinct().Count(), 8, int.MaxValue);
        }
    }

    [Fact]
    public void Profiles_Phones_HaveTheLengthOfThePlanAndOneOwner()
    {
        Assert.All(s_profiles, static profile =>
        {
            (string code, int[] lengths) = s_numberingPlans[profile.Country.Code];
            Assert.StartsWith($"+{code}", profile.Phone, StringComparison.Ordinal);
            Assert.Contains(profile.Phone.Length - code.Length - 1, lengths);
            Assert.Matches("^\\+[1-9][0-9]{6,14}$", profile.Phone);
        });
        Assert.Equal(s_profiles.Count, s_profiles.Select(profile => profile.Phone).Distinct().Count());
    }

    [Theory]
    [InlineData("US", @"^\+1[2-9][0-9]{2}55501[0-9]{2}$")]
    [InlineData("FR", @"^\+3363998[0-9]{4}$")]
    [InlineData("AU", @"^\+61[2378](5550|7010)[0-9]{4}$")]
    public void Profiles_Phones_AreOfRangesForFictionWhereThoseAreLarge(string country, string range) =>
        Assert.All(s_profiles.Where(profile => profile.Country.Code == country), profile => Assert.Matches(range, profile.Phone));

    [Fact]
    public void Profiles_Names_AreMostlyDistinctAndInTheScriptOfTheCountry()
    {
        double distinct = s_profiles.Select(profile => profile.Name).Distinct().Count() / (double)s_profiles.Count;
        Assert.InRange(distinct, 0.7, 0.99);
        Assert.All(s_profiles, static profile => Assert.Matches(ScriptOf(profile.Country.Languages[0]), profile.Name));

        static string ScriptOf(string language) => language switch
        {
            "hi" => @"^[\p{IsDevanagari}]+ [\p{IsDevanagari}]+$",
            "ja" => @"^[\p{IsHiragana}\p{IsKatakana}\p{IsCJKUnifiedIdeographs}々]+ [\p{IsHiragana}\p{IsKatakana}\p{IsCJKUnifiedIdeographs}々]+$",
            "ko" => @"^[\p{IsHangulSyllables}]{3}$",
            "ar" => @"^[\p{IsArabic}]+ [\p{IsArabic}]+$",
            _ => @"^[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}]+$",
        };
    }

    [Fact]
    public void Profiles_PolishFamilyNames_AreFeminineForWomen()
    {
        // Given names of women end in a, those of men do not.
        List<string[]> names = [.. s_profiles.Where(profile => profile.Country.Code == "PL").Select(profile => profile.Name.Split(' '))];
        Assert.All(names, static name => Assert.DoesNotMatch(name[0].EndsWith('a') ? "[scd]ki$" : "[sc]ka$", name[1]));
        Assert.Contains(names, static name => name[1].EndsWith("ska", StringComparison.Ordinal));
        Assert.Contains(names, static name => name[1].EndsWith("ski", StringComparison.Ordinal));
    }

    [Fact]
    public void Profiles_SpanishAndPortugueseNames_HaveTwoFamilyNamesAsThereIsCustom()
    {
        Assert.All(s_profiles.Where(profile => profile.Country.Code is "ES" or "MX" or "AR"), static profile => Assert.Equal(3, profile.Name.Split(' ').Length));
        Assert.InRange(s_profiles.Where(profile => profile.Country.Code == "BR").Average(profile => profile.Name.Split(' ').Length), 2.4, 2.8);
    }

    [Fact]
    public void Profiles_Emails_AreOfNamesAndRarelyNumbered()
    {
        Assert.All(s_profiles, static profile => Assert.Matches(@"^[a-z]+[._]?[a-z]+(\.[a-z]+)?([0-9]{2,3}|19[0-9]{2}|20[0-9]{2})?@example\.(com|org|net)$", profile.Email));
        Assert.InRange(s_profiles.Count(profile => profile.Email.Any(char.IsAsciiDigit)) / (double)s_profiles.Count, 0.15, 0.45);

        // By chance alone: a year of birth that is the number of the person, too.
        Assert.InRange(s_profiles.Count(profile => profile.Email.Contains($"{profile.User}@", StringComparison.Ordinal)), 0, 20);
    }

    [Theory]
    [InlineData(10_000, 60)]
    [InlineData(700_000, 172)]
    public void Profiles_Emails_HaveOneOwnerForEver(int users, int blocks)
    {
        Dictionary<string, long> owners = new(StringComparer.Ordinal);
        IDataFactory factory = new EmulatedWorld(new WorldSettings { Users = users, Start = new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero) }).CreateFactory(BuiltIn.UserProfile);
        RecordBatch batch = factory.CreateBatch();
        long[] people = ((Int64Column)batch.Columns[0]).Values;
        for (int block = 0; block < blocks; block++)
        {
            // Years lie between the blocks, so that addresses change.
            factory.FillBlock(batch, users > 100_000 ? block : block * 17L);
            for (int row = 0; row < batch.Count; row++)
            {
                string email = Encoding.UTF8.GetString(((TextColumn)batch.Columns[2]).GetUtf8(row));
                if (!owners.TryAdd(email, people[row]))
                {
                    Assert.True(owners[email] == people[row], $"{email} is of {owners[email]} and {people[row]}");
                }
            }
        }
    }

    [Fact]
    public void Profiles_Signups_AreOfAdults() => Assert.All(s_profiles, static profile =>
        Assert.True(DateTime.UnixEpoch.AddDays(profile.Birth).AddYears(18) <= DateTime.UnixEpoch.AddMilliseconds(profile.Signup)));

    [Fact]
    public void Profiles_Ages_AreThoseOfTheCountrysSociety()
    {
        double MeanBirth(string country) => s_profiles.Where(profile => profile.Country.Code == country).Average(profile => profile.Birth) / 365.25;
        Assert.InRange(MeanBirth("IN") - MeanBirth("JP"), 8, 18);
    }

    [Fact]
    public void Profiles_Scores_RiseWithAgeAndSpendingModestly()
    {
        Assert.InRange(Correlation([.. s_profiles.Select(profile => (double)-profile.Birth)], [.. s_profiles.Select(profile => (double)profile.Score)]), 0.2, 0.5);
        double[] spent = new double[s_profiles.Count];
        int[] payments = new int[s_profiles.Count];
        foreach (Payment payment in Instance.Payments.Where(payment => !payment.IsFraud))
        {
            spent[payment.User - 1] += Math.Log(payment.Usd);
            payments[payment.User - 1]++;
        }

        List<Profile> buyers = [.. s_profiles.Where(profile => payments[profile.User - 1] > 20)];
        double[] usual = [.. buyers.Select(profile => spent[profile.User - 1] / payments[profile.User - 1])];
        Assert.InRange(Correlation(usual, [.. buyers.Select(profile => (double)profile.Score)]), 0.1, 0.4);
    }

    [Fact]
    public void Updates_OfAPerson_NeverRepeatAndMoveTheScoreALittle()
    {
        IDataFactory factory = Instance.CreateFactory(BuiltIn.UserProfile);
        RecordBatch batch = factory.CreateBatch();
        long[] people = ((Int64Column)batch.Columns[0]).Values;
        long[] scores = ((DecimalColumn)batch.Columns[8]).Units;
        long[] last = new long[s_profiles.Count + 1];
        List<long> changes = [];
        for (int block = 0; block < 30; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count; row++)
            {
                if (last[people[row]] != 0)
                {
                    changes.Add(Math.Abs(scores[row] - last[people[row]]));
                }

                last[people[row]] = scores[row];
            }
        }

        Assert.InRange(changes.Min(), 1, long.MaxValue);
        changes.Sort();
        Assert.InRange(changes[changes.Count / 2], 2, 9);
        Assert.InRange(changes[changes.Count * 99 / 100], 5, 60);
    }

    private static double Correlation(double[] x, double[] y)
    {
        double meanX = x.Average();
        double meanY = y.Average();
        double Spread(double[] values, double mean) => Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)));
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / (Spread(x, meanX) * Spread(y, meanY));
    }
}
