using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LakehouseLab.Bench;

/// <summary>An Airflow of the stack with the provider, taken down at the end.</summary>
internal sealed class RunningAirflow : IAsyncDisposable
{
    // Away from the stack's other instances.
    private const int Shift = 9_000;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);

    private readonly string[] _command;
    private readonly HttpClient _client;

    private RunningAirflow(string[] command, HttpClient client)
    {
        _command = command;
        _client = client;
    }

    private static string Scripts => Path.Combine(AppContext.BaseDirectory, "Airflow");

    /// <summary>Runs a program in Airflow's environment, with the provider.</summary>
    /// <param name="workplace">Where the provider is installed.</param>
    /// <param name="arguments">The program and its arguments; <c>{scripts}</c> stands for the folder of the bench's own.</param>
    public static async Task<Ended> ExecuteAsync(Workplace workplace, params string[] arguments) =>
        await RunAsync([.. await EnvironmentAsync(workplace), Workplace.Stack!, "exec", "airflow", .. arguments.Select(static argument => argument.Replace("{scripts}", Scripts, StringComparison.Ordinal))]);

    /// <summary>Starts it with the bench's DAGs and a connection to a service.</summary>
    public static async Task<RunningAirflow> StartAsync(Workplace workplace, Uri service, CancellationToken cancellationToken)
    {
        string connection = JsonSerializer.Serialize(new { conn_type = "lakehouse_lab", host = service.GetLeftPart(UriPartial.Authority) });
        string[] command = [.. await EnvironmentAsync(workplace), $"AIRFLOW_CONN_LAKEHOUSE_LAB_DEFAULT={connection}", Workplace.Stack!];
        await RunAsync([.. command, "up", "airflow", "--dags", Path.Combine(Scripts, "dags")]);
        const string Variable = "export AIRFLOW_URL=";
        string address = (await RunAsync([.. command, "env"])).Output.Split('\n').Single(static line => line.StartsWith(Variable, StringComparison.Ordinal))[Variable.Length..];
        RunningAirflow airflow = new(command, new HttpClient { BaseAddress = new Uri(address) });
        JsonElement token = await airflow._client.GetFromJsonAsync<JsonElement>("/auth/token", cancellationToken);
        airflow._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return airflow;
    }

    /// <summary>Lets a DAG run, once Airflow has read it.</summary>
    public async Task UnpauseAsync(string dag, CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpResponseMessage answer = await _client.PatchAsJsonAsync($"/api/v2/dags/{dag}", new { is_paused = false }, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(s_poll, cancellationToken);
        }
    }

    /// <summary>Runs a DAG to its end.</summary>
    public async Task<RunOfDag> RunAsync(string dag, CancellationToken cancellationToken)
    {
        string run = $"/api/v2/dags/{dag}/dagRuns/{Path.GetRandomFileName()}";
        using HttpResponseMessage started = await _client.PostAsJsonAsync(Path.GetDirectoryName(run), new { dag_run_id = Path.GetFileName(run), logical_date = (string?)null }, cancellationToken);
        started.EnsureSuccessStatusCode();
        while (true)
        {
            string state = (await _client.GetFromJsonAsync<JsonElement>(run, cancellationToken)).GetProperty("state").GetString()!;
            if (state is "success" or "failed")
            {
                JsonElement tasks = (await _client.GetFromJsonAsync<JsonElement>($"{run}/taskInstances", cancellationToken)).GetProperty("task_instances");
                return state == "success" ? new RunOfDag(_client, run, tasks) : throw new InvalidOperationException($"{dag} failed: {tasks}");
            }

            await Task.Delay(s_poll, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await RunAsync([.. _command, "down"]);
    }

    private static Task<Ended> RunAsync(string[] command) => Lakelab.RunProgramAsync("env", command);

    private static async Task<string[]> EnvironmentAsync(Workplace workplace)
    {
        string folder = workplace.NewFolder();
        string packages = Path.Combine(folder, "packages");
        string[] own =
        [
            $"STACK_STATE={folder}", string.Create(CultureInfo.InvariantCulture, $"STACK_PORT_SHIFT={Shift}"), $"PYTHONPATH={packages}:{Scripts}", "PYTHONDONTWRITEBYTECODE=1",
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=17793", "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT=17794",
        ];
        await RunAsync([.. own, Workplace.Stack!, "exec", "airflow", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", packages, Path.Combine(PublishedProgram.FindRoot(), "integrations", "airflow")]);
        return own;
    }
}

/// <summary>A run of a DAG that succeeded.</summary>
internal sealed class RunOfDag(HttpClient client, string path, JsonElement tasks)
{
    /// <summary>When a task's process last began its work.</summary>
    public DateTimeOffset StartOf(string task) => Find(task).GetProperty("start_date").GetDateTimeOffset();

    /// <summary>For how many seconds a task was at work.</summary>
    public double SecondsOf(string task) => (Find(task).GetProperty("end_date").GetDateTimeOffset() - StartOf(task)).TotalSeconds;

    /// <summary>What a task returned.</summary>
    public async Task<string> ReturnedAsync(string task, CancellationToken cancellationToken) =>
        (await client.GetFromJsonAsync<JsonElement>($"{path}/taskInstances/{task}/xcomEntries/return_value", cancellationToken)).GetProperty("value").ToString();

    private JsonElement Find(string task) => tasks.EnumerateArray().Single(one => one.GetProperty("task_id").GetString() == task);
}
