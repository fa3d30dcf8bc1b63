using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How long a running stream takes for a thousand new messages, from Kafka to Gold, on a lake that has a hundred thousand.</summary>
internal sealed class MicroBatch : Measurement
{
    private const int NewRows = 1_000;
    private const int WarmUps = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    public override string Name => "micro-batch";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken) =>
    [
        new Figure(
            "micro-batch of 1,000 transactions onto 100,000, Kafka → Gold, in a running stream",
            Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS") is null ? null : await MeasureAsync(workplace, cancellationToken),
            "s", 2, 1, Better.Less),
    ];

    private static async Task<double> MeasureAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        string lake = workplace.NewFolder();
        string[] delivery = ["--sync", "kafka", "--topic", $"bench-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}", "--lake", lake, "--quiet"];
        await Lakelab.RunAsync(["emulate", "transaction", "--rows", "100K", .. delivery]);
        await Lakelab.RunAsync("pipeline", "stream", "--source", "kafka", "--once", "--lake", lake, "--quiet");
        using Process stream = Process.Start(new ProcessStartInfo(Lakelab.Program, ["pipeline", "stream", "--source", "kafka", "--batch-time", "100ms", "--json", "--lake", lake]) { RedirectStandardOutput = true })!;
        try
        {
            List<double> seconds = [];
            for (int run = 0; run < WarmUps + workplace.Runs; run++)
            {
                await Lakelab.RunAsync(["emulate", "transaction", "--rows", $"{NewRows}", "--first-row", "next", .. delivery]);
                double taken = await SecondsOfNextAsync(stream.StandardOutput, cancellationToken);
                if (run >= WarmUps)
                {
                    seconds.Add(taken);
                }
            }

            return seconds.Order().ElementAt(seconds.Count / 2);
        }
        finally
        {
            stream.Kill();
            await stream.WaitForExitAsync(CancellationToken.None);
        }
    }

    // The first micro-batch of a stream only does what was left undone; those with records count.
    private static async Task<double> SecondsOfNextAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("records", out JsonElement records) && records.GetInt64() > 0)
            {
                return document.RootElement.GetProperty("seconds").GetDouble();
            }
        }

        throw new InvalidOperationException("the stream ended before its micro-batch was done");
    }
}
