using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How fast transactions reach a topic, beside Kafka's own producer with the same batches, in turn. KAFKA_BOOTSTRAP_SERVERS
/// names the brokers; LAKELAB_STACK the script that starts Kafka's tools.</summary>
internal sealed partial class KafkaProducerPeer : Measurement
{
    private const int Records = 3_000_000;

    // Those of ProducerClient.
    private const string Batches = "acks=all enable.idempotence=true batch.size=1048576 linger.ms=20 buffer.memory=67108864";

    public override string Name => "kafka-producer";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string? servers = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS");
        List<double> plain = [];
        List<double> headers = [];
        List<double> guarantees = [];
        double rate = 0;
        for (int run = 0; servers is not null && Workplace.Stack is { } stack && run < workplace.Runs; run++)
        {
            (double without, double bytes) = await DeliverAsync(workplace, "--headers", "off");
            double peer = await PeerAsync(stack, servers, (int)bytes);
            (double with, _) = await DeliverAsync(workplace, "--headers", "on");
            (double atLeastOnce, _) = await DeliverAsync(workplace, "--headers", "on", "--delivery", "at_least_once");
            plain.Add(without / peer);
            headers.Add(with / peer);
            guarantees.Add(with / atLeastOnce);
            rate = with;
        }

        return
        [
            new Figure("transactions to a topic ÷ `kafka-producer-perf-test`, same size and batches, without header", Median(plain), "×", 1.0, 1.3, Better.More),
            new Figure(string.Create(CultureInfo.InvariantCulture, $"the same with header ({rate:#,0} rows/s in the last run)"), Median(headers), "×", 0.6, 0.9, Better.More),
            new Figure("exactly_once ÷ at_least_once", Median(guarantees), "×", 0.8, 0.95, Better.More),
        ];
    }

    private static double? Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? null : values[values.Count / 2];
    }

    private static async Task<(double Rate, double BytesARow)> DeliverAsync(Workplace workplace, params string[] flags)
    {
        JsonElement result = await Lakelab.JsonAsync(
            ["emulate", "transaction", "--rows", $"{Records}", "--sync", "kafka", "--topic", NewTopic(), "--kafka-compression", "none", "--lake", workplace.NewFolder(), .. flags]);
        JsonElement domain = result.GetProperty("domains")[0];
        return (Records / result.GetProperty("seconds").GetDouble(), domain.GetProperty("made_bytes").GetDouble() / Records);
    }

    private static async Task<double> PeerAsync(string stack, string servers, int recordSize)
    {
        string topic = NewTopic();
        await Lakelab.RunProgramAsync("sh", ["-c", $"'{stack}' exec kafka kafka-topics --bootstrap-server {servers} --create --topic {topic} --partitions 4 > /dev/null"]);
        Ended ended = await Lakelab.RunProgramAsync("sh", ["-c", string.Create(CultureInfo.InvariantCulture,
            $"'{stack}' exec kafka kafka-producer-perf-test --topic {topic} --num-records {Records} --record-size {recordSize} --throughput -1 --producer-props bootstrap.servers={servers} compression.type=none {Batches}")]);
        return double.Parse(RateOfSummary().Matches(ended.Output)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string NewTopic() => "bench-" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

    [GeneratedRegex(@"records sent, ([0-9.]+) records/sec")]
    private static partial Regex RateOfSummary();
}
