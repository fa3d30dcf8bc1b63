using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Schemas;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.World.Domains;

public sealed class DomainTests
{
    public static TheoryData<string> Names { get; } = [.. Domain.All.Select(domain => domain.Name)];

    [Fact]
    public void All_BuiltIn_AreInTheirPlaces() =>
        Assert.Equal(["user-profile", "transaction", "device-log"], Domain.All.Select(domain => domain.Name));

    [Fact]
    public void All_EveryDomainOfTheWorld_IsRegistered() =>
        Assert.Equal(typeof(Domain).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Domain))), Domain.All.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Schema_EveryDomain_HasItsKeyEventTimeAndPersonAmongItsFields(string name)
    {
        DomainSchema schema = Domain.Find(name)!.Schema;
        Assert.All(schema.Key, field => Assert.NotEqual(-1, schema.IndexOf(field)));
        Assert.Equal(FieldType.Timestamp, schema.Field(schema.EventTime).Type);
        Assert.Equal(FieldType.Int64, schema.Field(schema.Person).Type);
    }

    [Theory]
    [InlineData("transactions")]
    [InlineData("user_profile")]
    [InlineData("")]
    public void Find_OtherName_IsNull(string name) => Assert.Null(Domain.Find(name));

    [Fact]
    public void SilverFields_OfProfiles_SaySinceWhenAVersionIsValid()
    {
        Assert.Equal("user_profiles_history", BuiltIn.UserProfile.SilverTable);
        Assert.Equal([.. BuiltIn.UserProfile.Schema.Fields.Select(field => field.Name), "valid_from"], BuiltIn.UserProfile.SilverFields.Select(field => field.Name));
        Assert.Equal(["user_id", "valid_from"], BuiltIn.UserProfile.Key.Columns.Select(field => field.Name));
        Assert.Equal(BuiltIn.UserProfile.SilverFields.Where(field => field.Name != "updated_at"), BuiltIn.UserProfile.PresentFields);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Key_OfARow_LeadsBackToItByItsWordsAndByItsTexts(string name)
    {
        Domain domain = Domain.Find(name)!;
        IDataFactory factory = new EmulatedWorld(new WorldSettings { Users = 5_000 }).CreateFactory(domain);
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, 1);
        for (int row = 0; row < batch.Count; row += 7)
        {
            string?[] texts = [.. domain.Key.Fields.Select(field => TextOf(batch.Columns[domain.Schema.IndexOf(field.Name)], row))];
            Assert.Equal(batch.FirstRow + row, factory.FindRow(domain.Key.Parse(texts)!.Value));
            Assert.Equal(domain.Key.Describe(texts), domain.Key.TextAt(batch, row));
            Assert.Equal(domain.Key.Parse(texts), domain.Key.Read(WordsOf(domain, batch, row)));
        }
    }

    [Fact]
    public void WriteHashed_AnyKey_IsWhatKeyIndexesOfLakesWereMadeOf()
    {
        byte[] bytes = new byte[KeyCodec.HashedBytes];
        BuiltIn.Transaction.Key.WriteHashed(new KeyWords(0x0102030405060708, 0x090A0B0C0D0E0F10), bytes);
        Assert.Equal("0102030405060708090A0B0C0D0E0F10", Convert.ToHexString(bytes));
        BuiltIn.UserProfile.Key.WriteHashed(new KeyWords(0x0102030405060708, 0x090A0B0C0D0E0F10), bytes);
        Assert.Equal("0807060504030201100F0E0D0C0B0A09", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Describe_KeyOfAProfile_NamesTheUserAndTheVersion()
    {
        Assert.Equal("user 7", BuiltIn.UserProfile.Key.Describe(["7", null]));
        Assert.Equal("user 7 as of 2026-02-01T00:00:00.000Z", BuiltIn.UserProfile.Key.Describe(["7", "2026-02-01T00:00:00.000Z"]));
    }

    private static string? TextOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        UuidColumn ids => UuidText.Format(ids.High[row], ids.Low[row]),
        TimestampColumn instants => $"{DateTime.UnixEpoch.AddMilliseconds(instants.Milliseconds[row]):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}",
        _ => $"{((Int64Column)column).Values[row]}",
    };

    private static KeyWords WordsOf(Domain domain, RecordBatch batch, int row)
    {
        List<ulong> words = [];
        foreach (Column column in domain.Key.Fields.Select(field => batch.Columns[domain.Schema.IndexOf(field.Name)]))
        {
            words.AddRange(column switch
            {
                UuidColumn ids => [ids.High[row], ids.Low[row]],
                _ when column.IsNull(row) => [KeyWords.Absent],
                TimestampColumn instants => [(ulong)(instants.Milliseconds[row] * 1000)],
                _ => (ulong[])[(ulong)((Int64Column)column).Values[row]],
            });
        }

        return new KeyWords(words[0], words[1]);
    }
}
