using System.Text.RegularExpressions;
using LakehouseLab.World.Geography;
using static LakehouseLab.Tests.World.RealismWorld;

namespace LakehouseLab.Tests.World;

/// <summary>What profiles and logins are held to.</summary>
public sealed partial class RealismTests
{
    [Fact]
    public void Profiles_CreditScores_FallIntoTheBandsOfScoring()
    {
        (long From, double Share)[] bands = [(300, 0.047), (500, 0.153), (600, 0.232), (700, 0.361), (800, 0.207)];
        for (int i = 0; i < bands.Length; i++)
        {
            long end = i + 1 < bands.Length ? bands[i + 1].From : 851;
            Check($"scores from {bands[i].From}", Share(World.Profiles, profile => profile.Score >= bands[i].From && profile.Score < end), bands[i].Share - 0.015, bands[i].Share + 0.015);
        }
    }

    [Fact]
    public void Profiles_CountryPhoneAddressAndName_AreOfOneCountry()
    {
        Assert.All(World.Profiles, static profile =>
        {
            Assert.Same(profile.Country, profile.Home.Country);
            Assert.Matches("^" + Regex.Escape(profile.Country.PhonePattern.Replace('#', '0').Replace('@', '0')).Replace("0", "[0-9]", StringComparison.Ordinal) + "$", profile.Phone);
            Assert.Matches(@"^\+[1-9][0-9]{6,14}$", profile.Phone);
            Assert.Matches(ScriptOf(profile.Country.Language), profile.Name);
        });

        static string ScriptOf(string language) => language switch
        {
            "hi" => @"^[\p{IsDevanagari} ]+$",
            "ja" => @"^[\p{IsHiragana}\p{IsKatakana}\p{IsCJKUnifiedIdeographs}々 ]+$",
            "ko" => @"^[\p{IsHangulSyllables} ]+$",
            "ar" => @"^[\p{IsArabic} ]+$",
            _ => @"^[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}]+$",
        };
    }

    [Fact]
    public void Profiles_Emails_AreUniqueUnderReservedDomains()
    {
        Assert.All(World.Profiles, static profile => Assert.Matches(@"^[a-z.0-9]+@example\.(com|org|net)$", profile.Email));
        Assert.Equal(World.Profiles.Count, World.Profiles.Select(profile => profile.Email).Distinct().Count());
    }

    [Fact]
    public void Profiles_Ages_FormAPyramidOfAdults()
    {
        int startDay = (int)(World.Settings.Start.ToUnixTimeMilliseconds() / 86_400_000);
        double[] ages = [.. World.Profiles.Select(profile => (startDay - profile.Birth) / 365.2425)];
        Check("youngest", ages.Min(), 18, 19);
        Check("oldest", ages.Max(), 80, 91);
        Check("30 to 59", Share(ages, age => age is >= 30 and < 60), 0.48, 0.60);
        Check("75 and older", Share(ages, age => age >= 75), 0.03, 0.10);
    }

    [Fact]
    public void Profiles_RiskLevels_FollowFromScores()
    {
        Assert.Equal(["high", "low", "medium"], World.Profiles.Select(profile => profile.Risk).Distinct().Order());
        double ScoreOf(string risk) => World.Profiles.Where(profile => profile.Risk == risk).Average(profile => profile.Score);
        Assert.True(ScoreOf("low") > ScoreOf("medium") + 50);
        Assert.True(ScoreOf("medium") > ScoreOf("high") + 50);
    }

    [Fact]
    public void People_SignupLoginAndRemotePurchase_ComeInThisOrder()
    {
        Dictionary<long, long> firstLogins = [];
        foreach (Login login in World.Logins)
        {
            firstLogins.TryAdd(login.User, login.Milliseconds);
        }

        HashSet<long> remote = [];
        foreach (Payment payment in World.Payments)
        {
            if (payment.IsRemote && remote.Add(payment.User))
            {
                Assert.InRange(firstLogins[payment.User], World.Profiles[(int)payment.User - 1].Signup, payment.Milliseconds);
            }
        }

        Assert.All(firstLogins, login => Assert.True(World.Profiles[(int)login.Key - 1].Signup <= login.Value));
        Assert.Equal(Enumerable.Range(1, World.Settings.Users).Select(user => (long)user), World.Profiles.Select(profile => profile.User));
        Assert.All(World.Payments, static payment => Assert.InRange(payment.User, 1, World.Settings.Users));
    }

    [Theory]
    [InlineData("Android", 0.35, 0.41)]
    [InlineData("Windows", 0.28, 0.34)]
    [InlineData("iOS", 0.14, 0.20)]
    [InlineData("macOS", 0.06, 0.12)]
    [InlineData("Linux", 0.01, 0.08)]
    public void Logins_ShareOfASystem_IsThatOfTraffic(string system, double low, double high) =>
        Check(system, Share(World.Logins, login => login.System == system), low, high);

    [Fact]
    public void Logins_TypeSystemAndAgent_AgreeAndADeviceKeepsThem()
    {
        (string System, string Agent)[] signs = [("Android", "Android 10; K"), ("Windows", "Windows NT 10.0; Win64; x64"), ("iOS", "like Mac OS X"), ("macOS", "10_15_7"), ("Linux", "X11; Linux x86_64")];
        Dictionary<UInt128, (string, string, string)> devices = [];
        foreach ((Login login, (string Type, string System, string Agent) kind) in World.Logins.Select(login => (login, (login.Type, login.System, login.Agent))))
        {
            if (devices.TryGetValue(login.Device, out (string, string, string) seen))
            {
                Assert.Equal(seen, kind);
                continue;
            }

            devices.Add(login.Device, kind);
            Assert.Equal(kind.System, signs.Single(sign => kind.Agent.Contains(sign.Agent, StringComparison.Ordinal)).System);
            Assert.Equal(kind.Type == "desktop", kind.System is "Windows" or "macOS" or "Linux");
            Assert.False(kind.Type == "tablet" && kind.Agent.Contains(" Mobile Safari", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Logins_Addresses_AreReservedAndMostlyOfTheLoginsCountry()
    {
        List<Login> legitimate = [.. World.Logins.Where(login => login.Episode == 0)];
        Check("address of the login's country", Share(legitimate, login => CountryOf(login.Address) == login.Place.Country), 0.97, 1);
        Assert.All(World.Logins, login => Assert.NotNull(CountryOf(login.Address)));

        // The table of docs/world.md, read the other way round.
        static Country? CountryOf(string address)
        {
            string[] parts = address.Split(address.Contains(':') ? ':' : '.');
            return parts[0] == "198" && parts[1] is "18" or "19"
                ? Atlas.Instance.Countries[(((int.Parse(parts[1]) - 18) << 8) + int.Parse(parts[2])) / 16]
                : parts is ["2001", "db8", ..] ? Atlas.Instance.Countries.SingleOrDefault(country => country.Ipv6Prefix == parts[2]) : null;
        }
    }

    [Fact]
    public void Logins_Logouts_AreAfterTheLoginWhereOnRecord()
    {
        Check("logouts on record", Share(World.Logins, login => login.Logout is not null), 0.68, 0.72);
        Assert.DoesNotContain(World.Logins, login => login.Logout <= login.Milliseconds);
    }

    [Fact]
    public void Logins_DevicesPerUser_AreOneToThree()
    {
        int[] counts = [.. World.Logins.Where(login => login.Episode == 0).GroupBy(login => login.User).Select(user => user.Select(login => login.Device).Distinct().Count())];
        Check("users with 1 to 3 devices", Share(counts, count => count is >= 1 and <= 3), 0.95, 1);
        Check("users with one device", Share(counts, count => count == 1), 0.3, 0.6);
    }
}
