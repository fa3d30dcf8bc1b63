using LakehouseLab.IntegrationTests.Airflow;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>What the containers of deploy/compose.yaml do, as processes: jobs, servers with their healthchecks, and a DAG.</summary>
public sealed class ComposedLabTests
{
    private const string Dag = "lakehouse_lab_sequence";

    private static readonly string[] s_parts = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"];

    [Fact]
    public async Task Containers_AsProcesses_RunAnExampleDag()
    {
        await using ComposedLab lab = await ComposedLab.StartAsync();
        Assert.NotEqual(0, (await lab.MakeBucketsAsync("not its password")).Code);
        await lab.InstallProviderAsync();

        // Each "up" runs the jobs again.
        foreach (int _ in Enumerable.Range(0, 2))
        {
            (int code, string words) = await lab.MakeBucketsAsync();
            Assert.True(code == 0, words);
        }

        await lab.StartServiceAsync();
        foreach (int _ in Enumerable.Range(0, 2))
        {
            (int code, string words) = await lab.InitializeAirflowAsync();
            Assert.True(code == 0, words);
            Assert.Contains("Connection success!", words, StringComparison.Ordinal);
        }

        foreach (string part in s_parts)
        {
            await lab.StartAirflowAsync(part);
        }

        await AssertRunsAsync(lab.Airflow);
    }

    private static async Task AssertRunsAsync(Uri address)
    {
        using AirflowApi airflow = new(address);
        await airflow.AuthenticateAsync();
        string[] dags = [.. Directory.GetFiles(Path.Combine(Page.Repository, "integrations", "airflow", "example_dags"), "*.py").Select(static file => Path.GetFileNameWithoutExtension(file))];
        await airflow.WaitForDagsAsync(dags);
        foreach (string dag in dags)
        {
            Assert.True(await airflow.IsPausedAsync(dag), dag);
        }

        await airflow.UnpauseAsync(Dag);
        await airflow.TriggerAsync(Dag, "once", new { rows = 1_000 });
        await airflow.SucceedAsync(Dag, "once");
    }
}
