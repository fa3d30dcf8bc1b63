using CsCheck;
using LakehouseLab.Formats.Json;
using LakehouseLab.Formats.Records;
using LakehouseLab.World;
using LakehouseLab.World.Batches;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Keys;
using LakehouseLab.World.Settings;
using LakehouseLab.World.Time;

namespace LakehouseLab.Tests.World;

public sealed class PurityTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings());

    public static TheoryData<string> Domains => [.. Domain.All.Select(schema => schema.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void FillBlock_AnyOrderOfBlocks_SameBytes(string domain)
    {
        string[] inOrder = [.. Enumerable.Range(0, 12).Select(block => BytesOf(World, domain, block))];
        Gen.Shuffle(Enumerable.Range(0, 12).ToArray()).Sample(
            order =>
            {
                IDataFactory factory = World.CreateFactory(Domain.Find(domain)!);
                RecordBatch batch = factory.CreateBatch();
                JsonBatchWriter writer = new(batch, labels: true);
                foreach (int block in order)
                {
                    factory.FillBlock(batch, block);
                    Assert.Equal(inOrder[block], Encode(batch, writer));
                }
            },
            iter: 5);
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void FillBlock_ConsecutiveBlocks_EventTimeNeverFalls(string domain)
    {
        IDataFactory factory = World.CreateFactory(Domain.Find(domain)!);
        RecordBatch batch = factory.CreateBatch();
        TimestampColumn instants = (TimestampColumn)batch.Columns[factory.Schema.IndexOf(factory.Schema.EventTime)];
        long last = long.MinValue;
        for (int block = 0; block < 60; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count; row++)
            {
                if (!instants.IsNull(row))
                {
                    Assert.True(instants.Milliseconds[row] >= last);
                    last = instants.Milliseconds[row];
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void CountBefore_InstantOfARow_CountsTheRowsBefore(string domain)
    {
        IDataFactory factory = World.CreateFactory(Domain.Find(domain)!);
        IDataFactory counter = World.CreateFactory(factory.Domain);
        RecordBatch batch = factory.CreateBatch();
        TimestampColumn instants = (TimestampColumn)batch.Columns[factory.Schema.IndexOf(factory.Schema.EventTime)];
        for (int block = 3; block < 9; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 1; row < batch.Count; row += 911)
            {
                if (!instants.IsNull(row) && instants.Milliseconds[row - 1] < instants.Milliseconds[row])
                {
                    Assert.Equal(batch.FirstRow + row, counter.CountBefore(instants.Milliseconds[row]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void FindRow_KeyOfARow_FindsIt(string domain)
    {
        IDataFactory factory = World.CreateFactory(Domain.Find(domain)!);
        RecordBatch batch = factory.CreateBatch();
        for (int block = 0; block < 8; block++)
        {
            factory.FillBlock(batch, block);
            for (int row = 0; row < batch.Count; row++)
            {
                Assert.Equal(batch.FirstRow + row, factory.FindRow(KeyOf(batch, row)));
            }
        }
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("device-log")]
    public void FindRow_ForeignId_IsNone(string domain)
    {
        IDataFactory factory = World.CreateFactory(Domain.Find(domain)!);
        Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) => factory.FindRow(RecordKey.OfUuid((high & ~0xF000UL) | 0x8000, (low >> 2) | (1UL << 63))) == -1);
    }

    [Fact]
    public void FindRow_IdOfAnotherDomainOrWorld_IsNone()
    {
        IDataFactory transactions = World.CreateFactory(BuiltIn.Transaction);
        foreach (IDataFactory other in (IDataFactory[])[World.CreateFactory(BuiltIn.DeviceLog), new EmulatedWorld(new WorldSettings { Seed = 43 }).CreateFactory(BuiltIn.Transaction)])
        {
            RecordBatch batch = other.CreateBatch();
            other.FillBlock(batch, 5);
            Assert.All(Enumerable.Range(0, batch.Count), row => Assert.Equal(-1, transactions.FindRow(KeyOf(batch, row))));
        }
    }

    [Fact]
    public void FindRow_IdWithABitChanged_IsNone()
    {
        IDataFactory factory = World.CreateFactory(BuiltIn.Transaction);
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, 2);
        Gen.Select(Gen.Int[0, batch.Count - 1], Gen.Int[0, 127]).Sample((row, bit) =>
        {
            RecordKey key = KeyOf(batch, row);
            RecordKey changed = bit < 64 ? key with { High = key.High ^ (1UL << bit) } : key with { Low = key.Low ^ (1UL << (bit - 64)) };
            return factory.FindRow(changed) == -1;
        });
    }

    [Fact]
    public void FindRow_ProfileOfNoUserOrInstant_IsNone()
    {
        IDataFactory factory = World.CreateFactory(BuiltIn.UserProfile);
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, 6);
        Assert.Equal(-1, factory.FindRow(ProfileKey(0, null)));
        Assert.Equal(-1, factory.FindRow(ProfileKey(World.Settings.Users + 1, null)));
        Assert.All(Enumerable.Range(0, batch.Count), row =>
        {
            RecordKey key = KeyOf(batch, row);
            Assert.Equal(-1, factory.FindRow(key with { Low = unchecked(key.Low + 1) }));
            Assert.Equal(-1, factory.FindRow(key with { High = (key.High % (ulong)World.Settings.Users) + 1 }));
        });
    }

    [Theory]
    [InlineData(100, 0.0, "takeover=1", false)]
    [InlineData(100, 0.05, "testing=1", true)]
    [InlineData(500_000, 0.05, "takeover=1", true)]
    [InlineData(100_000_000, 0.01, "inherent=1", true)]
    public void FillBlock_UnusualSettings_MakesRowsOfTheirFraudRate(int users, double rate, string mix, bool trips)
    {
        EmulatedWorld world = new(new WorldSettings { Users = users, FraudRate = rate, FraudMix = FraudMix.Parse(mix), Trips = trips });
        IDataFactory factory = world.CreateFactory(BuiltIn.Transaction);
        RecordBatch batch = factory.CreateBatch();
        long frauds = 0;

        // Far from the start, which has no episodes of days before, and spread over the hours of some days.
        const int Blocks = 40;
        for (int block = 0; block < Blocks; block++)
        {
            factory.FillBlock(batch, users > 1000 ? 40_000 + (23 * block) : 100 + block);
            frauds += batch.Rules.Count(rule => rule != FraudRule.None);
        }

        Assert.InRange(frauds / (double)(Blocks * IDataFactory.BlockRows), 0.75 * rate, 1.25 * rate);
    }

    [Fact]
    public void FillBlock_AfterTheYear9999_SaysThatTheWorldEnds()
    {
        IDataFactory factory = World.CreateFactory(BuiltIn.Transaction);
        RecordBatch batch = factory.CreateBatch();
        Assert.Throws<WorldEndException>(() => factory.FillBlock(batch, 20_000_000_000));
    }

    private static RecordKey KeyOf(RecordBatch batch, int row)
    {
        if (batch.Columns[0] is UuidColumn ids)
        {
            return RecordKey.OfUuid(ids.High[row], ids.Low[row]);
        }

        TimestampColumn updatedAt = (TimestampColumn)batch.Columns[10];
        return ProfileKey(((Int64Column)batch.Columns[0]).Values[row], updatedAt.IsNull(row) ? null : updatedAt.Milliseconds[row]);
    }

    private static RecordKey ProfileKey(long user, long? updatedAt) =>
        BuiltIn.UserProfile.Key.Read(new KeyWords((ulong)user, updatedAt is { } instant ? (ulong)(instant * 1000) : KeyWords.Absent))!.Value;

    private static string BytesOf(EmulatedWorld world, string domain, long block)
    {
        IDataFactory factory = world.CreateFactory(Domain.Find(domain)!);
        RecordBatch batch = factory.CreateBatch();
        factory.FillBlock(batch, block);
        return Encode(batch, new JsonBatchWriter(batch, labels: true));
    }

    private static string Encode(RecordBatch batch, JsonBatchWriter writer)
    {
        ByteBuffer buffer = new();
        writer.Write(0, batch.Count, buffer, new int[batch.Count]);
        return System.Text.Encoding.UTF8.GetString(buffer.Written.Span);
    }
}
