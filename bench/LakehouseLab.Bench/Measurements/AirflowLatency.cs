using System.Globalization;
using System.Text.Json;

namespace LakehouseLab.Bench.Measurements;

/// <summary>What the provider for Airflow adds to Airflow's own times: to start an emulation, and from its end to the next task; and what a triggerer takes that follows a hundred.
/// LAKELAB_STACK names the script that starts Airflow.</summary>
internal sealed class AirflowLatency : Measurement
{
    private const int Followed = 100;
    private const int FollowedSeconds = 30;
    private const int LeastRuns = 5;

    private const string WithProvider = "latency";
    private const string Bare = "bare";

    public override string Name => "airflow";

    public override bool HasServers => true;

    public override async Task<IReadOnlyList<Figure>> RunAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        Latencies? latencies = Workplace.Stack is null ? null : await MeasureAsync(workplace, cancellationToken);
        return
        [
            new Figure("Airflow: a task that starts an emulation − one that does nothing", latencies?.Start, "s", 2, 0.5, Better.Less),
            new Figure($"Airflow: from an emulation's end to the next task − the same after a bare deferral ({latencies?.Bare.ToString("0.00", CultureInfo.InvariantCulture)} s)", latencies?.End, "s", 2, 0.5, Better.Less),
            new Figure($"Airflow: a triggerer's share of a core for {Followed} emulations, an event a second each", Workplace.Stack is null ? null : await FollowAsync(workplace, cancellationToken), "%", 30, 10, Better.Less),
        ];
    }

    private static async Task<Latencies> MeasureAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        await using RunningService service = await RunningService.StartAsync(1, cancellationToken, "--lake", workplace.NewFolder());
        await using RunningAirflow airflow = await RunningAirflow.StartAsync(workplace, service.Client.BaseAddress!, cancellationToken);
        foreach (string dag in new[] { WithProvider, Bare })
        {
            await airflow.UnpauseAsync(dag, cancellationToken);
            await airflow.RunAsync(dag, cancellationToken);
        }

        List<double> starts = [];
        List<double> ends = [];
        List<double> bareStarts = [];
        List<double> bareEnds = [];
        for (int run = 0; run < Math.Max(workplace.Runs, LeastRuns); run++)
        {
            RunOfDag dag = await airflow.RunAsync(WithProvider, cancellationToken);
            starts.Add(dag.SecondsOf("start"));
            using JsonDocument emulation = JsonDocument.Parse(await service.Client.GetStringAsync($"/emulator/{await dag.ReturnedAsync("wait", cancellationToken)}", cancellationToken));
            ends.Add((dag.StartOf("after") - emulation.RootElement.GetProperty("ended_at").GetDateTimeOffset()).TotalSeconds);

            RunOfDag bare = await airflow.RunAsync(Bare, cancellationToken);
            bareStarts.Add(bare.SecondsOf("start"));
            double moment = double.Parse(await bare.ReturnedAsync("wait", cancellationToken), CultureInfo.InvariantCulture);
            bareEnds.Add((bare.StartOf("after") - DateTimeOffset.UnixEpoch.AddSeconds(moment)).TotalSeconds);
        }

        return new Latencies(Median(starts) - Median(bareStarts), Median(ends) - Median(bareEnds), Median(bareEnds));
    }

    private static async Task<double> FollowAsync(Workplace workplace, CancellationToken cancellationToken)
    {
        await using RunningService service = await RunningService.StartAsync(
            1, cancellationToken, "--max-running", Followed.ToString(CultureInfo.InvariantCulture), "--lake", workplace.NewFolder());
        List<string> ids = [];
        while (ids.Count < Followed)
        {
            ids.Add(await service.EmulateAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "rate": "10/s", "timeout": 600}""", cancellationToken));
        }

        return await workplace.MedianAsync(async () => double.Parse(
            (await RunningAirflow.ExecuteAsync(
                workplace, ["python", "{scripts}/follow.py", service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), FollowedSeconds.ToString(CultureInfo.InvariantCulture), .. ids])).Output,
            CultureInfo.InvariantCulture));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Latencies(double Start, double End, double Bare);
}
