using System.Text.Json;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The example DAGs, run by Airflow against the service of this build, MinIO and Kafka.</summary>
[Collection(typeof(AirflowTests))]
public sealed class ExampleDagTests(AirflowLab lab)
{
    private const string Daily = "lakehouse_lab_daily";
    private const string Faults = "lakehouse_lab_faults";
    private const string OnAsset = "lakehouse_lab_on_asset";
    private const string Stream = "lakehouse_lab_kafka_stream";

    [Fact]
    public async Task Daily_DaysInAnyOrderAndTwice_AreMadeOnce()
    {
        await lab.StartAsync();
        int[] days = [5, 3];
        foreach (int day in days)
        {
            await lab.Airflow.TriggerAsync(Daily, $"day-{day}", new DateOnly(2026, 1, day));
        }

        Dictionary<int, string> made = [];
        foreach (int day in days)
        {
            await lab.Airflow.SucceedAsync(Daily, $"day-{day}");
            made[day] = await lab.Airflow.XComAsync(Daily, $"day-{day}", "emulate");
            JsonElement emulation = await lab.Service.ShowAsync(Guid.Parse(made[day]));
            Assert.Equal($"2026-01-0{day}T00:00:00.000Z", emulation.GetProperty("from").GetString());
            Assert.Equal($"2026-01-0{day + 1}T00:00:00.000Z", emulation.GetProperty("until").GetString());
        }

        foreach (int day in days)
        {
            await lab.Airflow.ClearAsync(Daily, $"day-{day}", "emulate");
        }

        foreach (int day in days)
        {
            await lab.Airflow.SucceedAsync(Daily, $"day-{day}");
            Assert.Equal(made[day], await lab.Airflow.XComAsync(Daily, $"day-{day}", "emulate"));
        }
    }

    [Fact]
    public async Task KafkaStream_RunWhileRecordsCome_IsCompleteInTheEnd()
    {
        await lab.StartAsync();
        await lab.Airflow.TriggerAsync(Stream, "stream", new { seconds = 10 });
        await lab.Airflow.SucceedAsync(Stream, "stream");
        Guid emulation = Guid.Parse(await lab.Airflow.XComAsync(Stream, "stream", "stream"));
        (string status, long rows) = await lab.Service.StatusAsync(emulation);
        Assert.Equal("completed", status);
        Assert.InRange(rows, 1, 5_000);
    }

    [Fact]
    public async Task Faults_TaskThatFailedIsCleared_GoesOnWhereItsDataEnds()
    {
        await lab.StartAsync();
        await lab.Airflow.TriggerAsync(Faults, "faults");
        Assert.Equal("failed", await lab.Airflow.EndAsync(Faults, "faults"));
        Guid emulation = Guid.Parse(await lab.Airflow.XComAsync(Faults, "faults", "start"));
        (string status, long rows) = await lab.Service.StatusAsync(emulation);
        Assert.Equal("cancelled", status);
        Assert.InRange(rows, 0, 19_999);
        Assert.Contains("is cancelled", await lab.Airflow.LogAsync(Faults, "faults", "ended"), StringComparison.Ordinal);

        await lab.Airflow.ClearAsync(Faults, "faults", "start");
        await lab.Airflow.SucceedAsync(Faults, "faults");
        Assert.Equal(emulation.ToString(), await lab.Airflow.XComAsync(Faults, "faults", "start"));
        Assert.Equal(("completed", 20_000), await lab.Service.StatusAsync(emulation));
    }

    [Fact]
    public async Task OnAsset_EmulationOfAnybodyEnds_ARunStarts()
    {
        await lab.StartAsync();
        await lab.Airflow.UnpauseAsync(OnAsset);
        // Nothing tells when Airflow's watcher has begun: what ends before starts nothing.
        IReadOnlyList<string> runs = [];
        List<Guid> emulations = [];
        while (runs.Count == 0)
        {
            Guid emulation = await lab.Service.PostAsync(new { emulator_sync = "minio", emulation_domain = "user-profile", rows = 10 });
            emulations.Add(emulation);
            await lab.Service.WaitAsync(emulation, static (status, _) => status == "completed");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            runs = await lab.Airflow.RunsAsync(OnAsset);
        }

        await lab.Airflow.SucceedAsync(OnAsset, runs[^1]);
        await lab.Airflow.PauseAsync(OnAsset);
        string started = await lab.Airflow.XComAsync(OnAsset, runs[^1], "ended_emulations");
        Assert.Contains(emulations, emulation => started.Contains(emulation.ToString(), StringComparison.Ordinal));
    }
}
