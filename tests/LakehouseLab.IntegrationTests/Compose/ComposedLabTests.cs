using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>What the containers of deploy/compose.yaml do, as processes: jobs, servers with their healthchecks, and a DAG.</summary>
public sealed class ComposedLabTests
{
    private const string Dag = "lakehouse_lab_sequence";

    private static readonly string[] s_parts = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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

    private static async Task AssertRunsAsync(Uri airflow)
    {
        using HttpClient http = new() { BaseAddress = new Uri(airflow, "api/v2/") };
        JsonElement token = await http.GetFromJsonAsync<JsonElement>(new Uri(airflow, "auth/token"), Token);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        string[] files = Directory.GetFiles(Path.Combine(Page.Repository, "integrations", "airflow", "example_dags"), "*.py");
        JsonElement dags = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                dags = (await http.GetFromJsonAsync<JsonElement>("dags", Token)).GetProperty("dags");
                return dags.GetArrayLength() == files.Length;
            },
            $"Airflow has {files.Length} DAGs");
        Assert.All(dags.EnumerateArray(), static dag => Assert.True(dag.GetProperty("is_paused").GetBoolean(), dag.ToString()));

        using HttpResponseMessage unpaused = await http.PatchAsJsonAsync($"dags/{Dag}", new { is_paused = false }, Token);
        unpaused.EnsureSuccessStatusCode();
        using HttpResponseMessage started = await http.PostAsJsonAsync($"dags/{Dag}/dagRuns", new { dag_run_id = "once", logical_date = (string?)null, conf = new { rows = 1_000 } }, Token);
        started.EnsureSuccessStatusCode();
        string? state = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                state = (await http.GetFromJsonAsync<JsonElement>($"dags/{Dag}/dagRuns/once", Token)).GetProperty("state").GetString();
                return state is "success" or "failed";
            },
            "the run has ended");
        Assert.True(state == "success", (await http.GetFromJsonAsync<JsonElement>($"dags/{Dag}/dagRuns/once/taskInstances", Token)).ToString());
    }
}
