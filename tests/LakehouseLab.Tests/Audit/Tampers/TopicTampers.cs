using System.Text;
using LakehouseLab.Audit;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class TopicTampers
{
    private const string Topic = "topic/transactions";

    private static readonly (string Name, Action<TopicLake> Act, Told[] Told)[] s_tampers =
    [
        ("values exchanged", lake => Exchange(lake, 10, 20, static (message, other) => message with { Value = other.Value }), [Altered(2)]),
        ("headers exchanged", lake => Exchange(lake, 10, 20, static (message, other) => message with { Header = other.Header }), [Altered(2)]),
        ("keys exchanged", lake => Exchange(lake, 10, Of(lake, 10, otherKey: true), static (message, other) => message with { Key = other.Key }), [Altered(2, "key")]),
        ("a value changed", lake => Change(lake, 5, message => message with { Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Value!).Replace("\"currency\":\"", "\"currency\":\"X", StringComparison.Ordinal)) }), [Altered(1, "currency") with { Row = 5 }]),
        ("a value that is not a record", lake => Change(lake, 5, message => message with { Value = "garbage"u8.ToArray() }), [Altered(1) with { Row = 5, Found = "garbage" }]),
        ("a value gone", lake => Change(lake, 5, message => message with { Value = null }), [Altered(1) with { Row = 5 }]),
        ("a value with a space behind it", lake => Change(lake, 5, message => message with { Value = [.. message.Value!, (byte)' '] }), [Altered(1) with { Row = 5, Cause = "the same values in other bytes" }]),
        ("a header of another row", lake => Change(lake, 5, message => message with { Header = new RecordHeader(TopicLake.Emulation, 6) }), [new Told(Topic, FindingKind.Missing) { Records = 1, Row = 5 }, new Told(Topic, FindingKind.Duplicated) { Records = 1, Row = 6 }]),
        ("a header of a row that was not delivered", lake => Change(lake, 5, message => message with { Header = new RecordHeader(TopicLake.Emulation, 999_999) }), [new Told(Topic, FindingKind.Missing) { Records = 1, Row = 5 }, new Told(Topic, FindingKind.Unexpected) { Records = 1 }]),
        ("a key of another user", lake => Change(lake, 5, message => message with { Key = "1"u8.ToArray() }), [Altered(1, "key") with { Row = 5, Found = "1" }]),
        ("no key", lake => Change(lake, 5, message => message with { Key = null }), [Altered(1, "key") with { Row = 5 }]),
        ("a key with a zero before it", lake => Change(lake, 5, message => message with { Key = [(byte)'0', .. message.Key!] }), [Altered(1, "key") with { Row = 5 }]),
        ("messages in each other's partitions", lake => Exchange(lake, 30, Of(lake, 30, otherPartition: true), static (_, message) => message), [Altered(2)]),
        ("the order of a key broken", lake => Exchange(lake, 50, Of(lake, 50, sameKey: true), static (_, message) => message), [Altered(1, "offset") with { Row = 50 }]),
        ("a message once more", lake => lake.Append(7, lake.Records[7]), [new Told(Topic, FindingKind.Duplicated) { Records = 1, Row = 7 }]),
        ("a message once more with another value", lake => lake.Append(7, lake.Records[8]), [new Told(Topic, FindingKind.Duplicated) { Records = 1, Row = 7 }]),
        ("the first messages of a partition gone", lake => lake.Log.DeleteBefore(TopicLake.Topic, 1, 3), [new Told(Topic, FindingKind.Missing) { Records = 3 }]),
        ("a message of nobody", lake => lake.Append(10, "garbage"u8.ToArray(), header: false), [new Told(Topic, FindingKind.Unexpected) { Records = 1 }]),
        ("a tombstone of nobody", lake => lake.Append(10, value: null, header: false), [new Told(Topic, FindingKind.Unexpected) { Records = 1 }]),
        ("the topic gone", lake => lake.Log.Delete(TopicLake.Topic), [new Told(Topic, FindingKind.Missing)]),
        ("the topic made again", lake => lake.Log.Create(TopicLake.Topic, TopicLake.Partitions), [new Told(Topic, FindingKind.Missing)]),
    ];

    public static TheoryData<string> Names => [.. s_tampers.Select(tamper => tamper.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_TopicTampered_IsTold(string name)
    {
        (_, Action<TopicLake> act, Told[] told) = Assert.Single(s_tampers, tamper => tamper.Name == name);
        using TopicLake lake = await TopicLake.DeliverAsync();
        AuditReport before = await AuditAsync(lake);
        act(lake);
        AuditReport after = await AuditAsync(lake);
        TamperTrial.Check(before, after, told);
        await ShardTrial.CheckIfChosenAsync(name, lake.Lake, after, RequestOf(lake));
    }

    [Fact]
    public async Task RunAsync_PartitionsAddedAndOffsetsSkipped_StaysClean()
    {
        using TopicLake lake = await TopicLake.DeliverAsync(upTo: 100);
        lake.Log.AddPartition(TopicLake.Topic);
        lake.Log.Skip(TopicLake.Topic, 1, 7);
        lake.AppendRest(100);
        TamperTrial.Check(await AuditAsync(lake), await AuditAsync(lake), []);
        Assert.True((await AuditAsync(lake)).IsClean);
    }

    private static Task<AuditReport> AuditAsync(TopicLake lake) =>
        LakeAudit.RunAsync(lake.Lake, RequestOf(lake), null, AuditedLake.Token);

    private static AuditRequest RequestOf(TopicLake lake) => AuditedLake.Request(AuditLayer.Lake, AuditLayer.Topic) with { Topics = lake.Log };

    private static Told Altered(int records, string? column = null) => new(Topic, FindingKind.Altered, column) { Records = records };

    private static void Change(TopicLake lake, int row, Func<TopicMessage, TopicMessage> change) =>
        lake.Log.Change(TopicLake.Topic, lake.Places[row].Partition, lake.Places[row].Offset, change);

    // A later row that has a thing in common with one, or has not.
    private static int Of(TopicLake lake, int row, bool sameKey = false, bool otherKey = false, bool otherPartition = false) => Enumerable.Range(row + 1, 4_000).First(other =>
        (!sameKey || lake.KeyOf(other).AsSpan().SequenceEqual(lake.KeyOf(row)))
        && (!otherKey || !lake.KeyOf(other).AsSpan().SequenceEqual(lake.KeyOf(row)))
        && (!otherPartition || lake.Places[other].Partition != lake.Places[row].Partition));

    private static void Exchange(TopicLake lake, int row, int other, Func<TopicMessage, TopicMessage, TopicMessage> exchange)
    {
        ((int Partition, long Offset) first, (int Partition, long Offset) second) = (lake.Places[row], lake.Places[other]);
        TopicMessage kept = lake.Log.Change(TopicLake.Topic, first.Partition, first.Offset, static message => message);
        TopicMessage before = lake.Log.Change(TopicLake.Topic, second.Partition, second.Offset, message => exchange(message, kept));
        lake.Log.Change(TopicLake.Topic, first.Partition, first.Offset, message => exchange(message, before));
    }
}
