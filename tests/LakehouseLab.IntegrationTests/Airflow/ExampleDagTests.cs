using System.Text.Json;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The example DAGs, and one of the original system, run by Airflow against the service of this build, MinIO and Kafka.</summary>
[Collection(typeof(AirflowTests))]
public sealed class ExampleDagTests(AirflowLab lab)
{
    private const string Faults = "lakehouse_lab_faults";
    private const string OnAsset = "lakehouse_lab_on_asset";
    private const string Stream = "lakehouse_lab_kafka_stream";

    [Fact]
    public async Task AsBefore_DagOfTheOriginalSystem_RunsUnchanged()
    {
        await lab.StartAsync();
        await lab.Airflow.TriggerAsync("as_before", "unchanged");
        await lab.Airflow.SucceedAsync("as_before", "unchanged");
        (string status, long rows) = await lab.Service.StatusAsync(Guid.Parse(await lab.Airflow.XComAsync("as_before", "unchanged", "emulate")));
        Assert.Equal("completed", status);
        Assert.InRange(rows, 1, 5_000);
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
