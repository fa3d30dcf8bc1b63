using System.Diagnostics;
using System.Net;

namespace LakehouseLab.Bench.Measurements;

/// <summary>How quickly the service answers with 1,000 emulations queued: 50 clients start 1,000 more, each on the disk before its answer; then 100
/// clients ask for states twenty times a second each, while ten emulations run.</summary>
internal sealed class ServiceLatency : Measurement
{
    private const int Starters = 50;
    private const int Emulations = 1000;
    private const int Askers = 100;
    private const int Questions = 200;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private const string Body = """{"emulator_sync": "local", "emulation_domain": "transaction", "timeout": 600}""";

    public override string Name => "service";

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        await using RunningService service = await RunningService.StartAsync(Askers, cancellationToken, "--max-queued", "10k", "--lake", workplace.NewFolder());
        List<string> ids = [];
        async Task StartOneAsync()
        {
            string id = await service.EmulateAsync(Body, cancellationToken);
            lock (ids)
            {
                ids.Add(id);
            }
        }

        await InParallelAsync(Starters, Emulations / Starters, StartOneAsync);
        List<double> starts = await InParallelAsync(Starters, Emulations / Starters, StartOneAsync);
        int faults = 0;
        int next = 0;
        async Task AskOneAsync()
        {
            using HttpResponseMessage response = await service.Client.GetAsync($"/emulator/{ids[Interlocked.Increment(ref next) % ids.Count]}/status", cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
            {
                Interlocked.Increment(ref faults);
            }
        }

        await InParallelAsync(Askers, Questions / 10, AskOneAsync);
        List<double> questions = await InParallelAsync(Askers, Questions, AskOneAsync, s_interval);
        return
        [
            new Figure($"service: POST, {Starters} clients, p99", Percentile(starts), "ms", 50, 15, Better.Less),
            new Figure($"service: status, {Askers} clients, p99", Percentile(questions), "ms", 20, 5, Better.Less),
            new Figure($"service: status, {Askers} clients, 5xx", faults, "", 0, 0, Better.Less),
        ];
    }

    private static async Task<List<double>> InParallelAsync(int clients, int each, Func<Task> ask, TimeSpan interval = default)
    {
        List<double>[] all = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            await Task.Yield();
            List<double> times = [];
            for (int i = 0; i < each; i++)
            {
                long began = Stopwatch.GetTimestamp();
                await ask();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (interval > TimeSpan.Zero)
                {
                    await Task.Delay(interval);
                }
            }

            return times;
        }));
        return [.. all.SelectMany(times => times)];
    }

    private static double Percentile(List<double> times)
    {
        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }
}
