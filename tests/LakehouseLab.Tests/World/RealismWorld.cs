using System.Text;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Geography;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.World;

/// <summary>The default world, made once for all tests of its realism: a million transactions, the logins of the same time, everyone's profile.</summary>
internal sealed class RealismWorld
{
    private const int PaymentBlocks = 256;
    private static readonly Lazy<RealismWorld> Made = new(static () => new RealismWorld());

    private readonly EmulatedWorld _world = new(new WorldSettings());

    private RealismWorld()
    {
        Task<List<Login>> logins = Task.Run(ReadLogins);
        Profiles = ReadProfiles();
        Payments = ReadPayments();
        Logins = logins.GetAwaiter().GetResult();
    }

    public static RealismWorld Instance => Made.Value;

    public WorldSettings Settings => _world.Settings;

    public List<Payment> Payments { get; }

    public List<Login> Logins { get; }

    /// <summary>Everyone's first profile; the one of user_id n is at n − 1.</summary>
    public List<Profile> Profiles { get; }

    /// <summary>Where a payment's clock stands: at the shop, or at the cardholder's home.</summary>
    public int LocalHour(in Payment payment)
    {
        City clock = payment.Place.City ?? Profiles[(int)payment.User - 1].Home;
        return (int)((payment.Milliseconds + (clock.UtcOffsetMinutes * 60_000L)) / 3_600_000 % 24);
    }

    private static Place[] PlacesOf(Utf8Dictionary dictionary) => [.. Enumerable.Range(0, dictionary.Count).Select(index =>
    {
        string[] parts = Encoding.UTF8.GetString(dictionary.Get(index)).Split(", ");
        Country country = Atlas.Instance.Countries.Single(country => country.Code == parts[1]);
        return new Place(country, parts[0] == "Online" ? null : country.Cities.Single(city => city.Name == parts[0]));
    })];

    private static string[] TextsOf(Column column)
    {
        Utf8Dictionary dictionary = ((DictionaryColumn)column).Dictionary;
        return [.. Enumerable.Range(0, dictionary.Count).Select(index => Encoding.UTF8.GetString(dictionary.Get(index)))];
    }

    private List<Payment> ReadPayments()
    {
        IDataFactory factory = _world.CreateFactory(BuiltIn.Transaction);
        RecordBatch batch = factory.CreateBatch();
        long[] users = ((Int64Column)batch.Columns[1]).Values;
        DecimalColumn amounts = (DecimalColumn)batch.Columns[2];
        int[] currencies = ((DictionaryColumn)batch.Columns[3]).Indices;
        string[] currencyNames = TextsOf(batch.Columns[3]);
        double[] rates = [.. currencyNames.Select(code => (double)ExchangeRates.All.Single(rate => rate.Currency == code).UsdRate)];
        DictionaryColumn merchants = (DictionaryColumn)batch.Columns[4];
        string[] merchantNames = TextsOf(merchants);
        long[] instants = ((TimestampColumn)batch.Columns[5]).Milliseconds;
        DictionaryColumn places = (DictionaryColumn)batch.Columns[6];
        Place[] atlas = PlacesOf(places.Dictionary);
        bool[] isFraud = ((BooleanColumn)batch.Columns[7]).Values;
        double[] wholes = [1, 10, 100, 1000, 10_000];
        List<Payment> payments = new(PaymentBlocks * IDataFactory.BlockRows);
        for (int block = 0; block < PaymentBlocks; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count; row++)
            {
                Assert.Equal(isFraud[row], batch.Rules[row] != FraudRule.None);
                payments.Add(new Payment(
                    users[row], amounts.Units[row], amounts.Decimals[row], amounts.Units[row] / wholes[amounts.Decimals[row]] * rates[currencies[row]],
                    currencyNames[currencies[row]], merchantNames[merchants.Indices[row]], instants[row], atlas[places.Indices[row]], batch.Rules[row], batch.Episodes[row]));
            }
        }

        return payments;
    }

    private List<Login> ReadLogins()
    {
        IDataFactory factory = _world.CreateFactory(BuiltIn.DeviceLog);
        RecordBatch batch = factory.CreateBatch();
        long[] users = ((Int64Column)batch.Columns[1]).Values;
        UuidColumn devices = (UuidColumn)batch.Columns[2];
        DictionaryColumn types = (DictionaryColumn)batch.Columns[3];
        string[] typeNames = TextsOf(types);
        DictionaryColumn systems = (DictionaryColumn)batch.Columns[4];
        string[] systemNames = TextsOf(systems);
        Utf8Column addresses = (Utf8Column)batch.Columns[5];
        DictionaryColumn places = (DictionaryColumn)batch.Columns[6];
        Place[] atlas = PlacesOf(places.Dictionary);
        DictionaryColumn agents = (DictionaryColumn)batch.Columns[7];
        string[] agentTexts = TextsOf(agents);
        long[] instants = ((TimestampColumn)batch.Columns[8]).Milliseconds;
        TimestampColumn logouts = (TimestampColumn)batch.Columns[9];
        List<Login> logins = new(PaymentBlocks * IDataFactory.BlockRows / 2);
        for (int block = 0; block < PaymentBlocks / 2; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count; row++)
            {
                logins.Add(new Login(
                    users[row], new UInt128(devices.High[row], devices.Low[row]), typeNames[types.Indices[row]], systemNames[systems.Indices[row]],
                    Encoding.UTF8.GetString(addresses.GetUtf8(row)), atlas[places.Indices[row]], agentTexts[agents.Indices[row]], instants[row],
                    logouts.IsNull(row) ? null : logouts.Milliseconds[row], batch.Rules[row], batch.Episodes[row]));
            }
        }

        return logins;
    }

    private List<Profile> ReadProfiles()
    {
        IDataFactory factory = _world.CreateFactory(BuiltIn.UserProfile);
        RecordBatch batch = factory.CreateBatch();
        string Text(int column, int row) => Encoding.UTF8.GetString(((TextColumn)batch.Columns[column]).GetUtf8(row));
        List<Profile> profiles = new(_world.Settings.Users);
        for (int block = 0; profiles.Count < _world.Settings.Users; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count && profiles.Count < _world.Settings.Users; row++)
            {
                Country country = Atlas.Instance.Countries.Single(country => country.Code == Text(6, row));
                string address = Text(5, row);
                profiles.Add(new Profile(
                    ((Int64Column)batch.Columns[0]).Values[row], Text(1, row), Text(2, row), Text(3, row), ((DateColumn)batch.Columns[4]).Days[row], address, country,
                    country.Cities.Single(city => address.EndsWith($" {city.Name}", StringComparison.Ordinal)),
                    ((TimestampColumn)batch.Columns[7]).Milliseconds[row], ((DecimalColumn)batch.Columns[8]).Units[row], Text(9, row)));
            }
        }

        return profiles;
    }

    /// <summary>A place as a record names it; without a city it is a remote purchase.</summary>
    internal sealed record Place(Country Country, City? City);

    internal readonly record struct Payment(
        long User, long Units, int Decimals, double Usd, string Currency, string Merchant, long Milliseconds, Place Place, FraudRule Rule, long Episode)
    {
        public bool IsFraud => Rule != FraudRule.None;

        public bool IsRemote => Place.City is null;

        public long Day => Milliseconds / 86_400_000;
    }

    internal readonly record struct Login(
        long User, UInt128 Device, string Type, string System, string Address, Place Place, string Agent, long Milliseconds, long? Logout, FraudRule Rule, long Episode);

    internal sealed record Profile(
        long User, string Name, string Email, string Phone, int Birth, string Address, Country Country, City Home, long Signup, long Score, string Risk);
}
