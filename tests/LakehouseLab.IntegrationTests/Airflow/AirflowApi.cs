using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>Airflow's REST API, as far as tests ask it.</summary>
/// <param name="address">Where Airflow is.</param>
internal sealed class AirflowApi(Uri address) : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { BaseAddress = address };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Takes the token that further requests bear.</summary>
    public async Task AuthenticateAsync()
    {
        using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/auth/token", UriKind.Relative), Cancellation));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.RootElement.GetProperty("access_token").GetString());
    }

    /// <summary>Waits until Airflow has read DAGs; fails with what could not be read.</summary>
    public Task WaitForDagsAsync(IReadOnlyCollection<string> dags) => Eventually.HoldsAsync(
        async () =>
        {
            JsonElement errors = await GetAsync("importErrors");
            Assert.True(errors.GetProperty("total_entries").GetInt32() == 0, errors.ToString());
            HashSet<string> read = [.. (await GetAsync("dags")).GetProperty("dags").EnumerateArray().Select(static dag => dag.GetProperty("dag_id").GetString()!)];
            await Task.Delay(s_poll, Cancellation);
            return read.IsSupersetOf(dags);
        },
        $"Airflow has {string.Join(", ", dags)}");

    /// <summary>Whether a DAG starts no runs.</summary>
    public async Task<bool> IsPausedAsync(string dag) => (await GetAsync($"dags/{dag}")).GetProperty("is_paused").GetBoolean();

    /// <summary>Lets a DAG run.</summary>
    public Task UnpauseAsync(string dag) => SendAsync(HttpMethod.Patch, $"dags/{dag}", new { is_paused = false });

    /// <summary>Lets a DAG start no further runs.</summary>
    public Task PauseAsync(string dag) => SendAsync(HttpMethod.Patch, $"dags/{dag}", new { is_paused = true });

    /// <summary>Starts a run.</summary>
    public Task TriggerAsync(string dag, string run, object? conf = null) =>
        SendAsync(HttpMethod.Post, $"dags/{dag}/dagRuns", new { dag_run_id = run, logical_date = (string?)null, conf = conf ?? new { } });

    /// <summary>Starts the run of a day, as a backfill does.</summary>
    public Task TriggerAsync(string dag, string run, DateOnly day) => SendAsync(
        HttpMethod.Post,
        $"dags/{dag}/dagRuns",
        new { dag_run_id = run, logical_date = Midnight(day), data_interval_start = Midnight(day), data_interval_end = Midnight(day.AddDays(1)) });

    /// <summary>The ids of a DAG's runs.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="filter">Which runs, as a query of Airflow's API; all unless stated.</param>
    public async Task<IReadOnlyList<string>> RunsAsync(string dag, string filter = "") =>
        [.. (await GetAsync($"dags/{dag}/dagRuns?{filter}")).GetProperty("dag_runs").EnumerateArray().Select(static run => run.GetProperty("dag_run_id").GetString()!)];

    /// <summary>Waits until Airflow has started as many runs by itself.</summary>
    public async Task<IReadOnlyList<string>> WaitForRunsAsync(string dag, int count, string filter = "")
    {
        IReadOnlyList<string> runs;
        while ((runs = await RunsAsync(dag, filter)).Count < count)
        {
            await Task.Delay(s_poll, Cancellation);
        }

        return runs;
    }

    /// <summary>Waits until a run has ended.</summary>
    /// <returns>Its state.</returns>
    public async Task<string> EndAsync(string dag, string run)
    {
        while (true)
        {
            string state = await StateAsync(dag, run);
            if (state is "success" or "failed")
            {
                return state;
            }

            await Task.Delay(s_poll, Cancellation);
        }
    }

    /// <summary>Waits until a run has succeeded; fails with the states of its tasks and what the first that failed logged.</summary>
    public async Task SucceedAsync(string dag, string run)
    {
        if (await EndAsync(dag, run) != "success")
        {
            JsonElement[] tasks = [.. (await GetAsync($"dags/{dag}/dagRuns/{run}/taskInstances")).GetProperty("task_instances").EnumerateArray()];
            string states = string.Join(", ", tasks.Select(static task => $"{task.GetProperty("task_id")} {task.GetProperty("state")}"));
            JsonElement failed = tasks.FirstOrDefault(static task => task.GetProperty("state").GetString() == "failed");
            Assert.Fail($"{dag} {run}: {states}\n{(failed.ValueKind == JsonValueKind.Undefined ? "" : await LogAsync(dag, run, failed.GetProperty("task_id").GetString()!, failed.GetProperty("try_number").GetInt32()))}");
        }
    }

    /// <summary>Waits until a task has a state; fails when its run has ended otherwise.</summary>
    public Task WaitForAsync(string dag, string run, string task, string state) => WaitForAsync(dag, run, task, instance => instance.GetProperty("state").GetString() == state);

    /// <summary>Waits until a task is as it should be; fails when its run has ended otherwise.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="run">The run.</param>
    /// <param name="task">The task.</param>
    /// <param name="isReached">Looks at the task instance, as Airflow's API has it.</param>
    public async Task WaitForAsync(string dag, string run, string task, Func<JsonElement, bool> isReached)
    {
        JsonElement instance;
        while (!isReached(instance = await GetAsync($"dags/{dag}/dagRuns/{run}/taskInstances/{task}")))
        {
            if (await StateAsync(dag, run) is "success" or "failed")
            {
                Assert.Fail($"{dag} {run} has ended, and task {task} was never as waited for: {instance}\n{await LogAsync(dag, run, task, await TriesAsync(dag, run, task))}");
            }

            await Task.Delay(s_poll, Cancellation);
        }
    }

    /// <summary>How often a task was tried.</summary>
    public async Task<int> TriesAsync(string dag, string run, string task) =>
        (await GetAsync($"dags/{dag}/dagRuns/{run}/taskInstances/{task}")).GetProperty("try_number").GetInt32();

    /// <summary>What a task left in XCom.</summary>
    public async Task<string> XComAsync(string dag, string run, string task, string key = "return_value") =>
        (await GetAsync($"dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/{key}")).GetProperty("value").ToString();

    /// <summary>What a task logged.</summary>
    public async Task<string> LogAsync(string dag, string run, string task, int attempt = 1) =>
        string.Join('\n', (await GetAsync($"dags/{dag}/dagRuns/{run}/taskInstances/{task}/logs/{attempt}")).GetProperty("content").EnumerateArray().Select(static line => line.ToString()));

    /// <summary>Clears a task with all that is downstream of it, as a person does.</summary>
    public Task ClearAsync(string dag, string run, string task) => SendAsync(
        HttpMethod.Post,
        $"dags/{dag}/clearTaskInstances",
        new { dry_run = false, dag_run_id = run, task_ids = new[] { task }, include_downstream = true, only_failed = false, reset_dag_runs = true });

    /// <summary>Marks a task as failed, as a person does who wants it to end.</summary>
    public Task FailAsync(string dag, string run, string task) =>
        SendAsync(HttpMethod.Patch, $"dags/{dag}/dagRuns/{run}/taskInstances/{task}", new { new_state = "failed" });

    /// <summary>Ends the runs of a DAG that have not ended, as failed.</summary>
    public async Task FailRunsAsync(string dag)
    {
        foreach (string run in await RunsAsync(dag, "state=queued&state=running"))
        {
            await SendAsync(HttpMethod.Patch, $"dags/{dag}/dagRuns/{run}", new { state = "failed" });
        }
    }

    /// <summary>Makes a connection, or puts another in its place.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="fields">Its fields.</param>
    public Task ConnectAsync(string id, Dictionary<string, object> fields)
    {
        Dictionary<string, object> entity = new(fields) { ["connection_id"] = id };
        return SendAsync(HttpMethod.Patch, "connections", new { actions = new[] { new { action = "create", entities = new[] { entity }, action_on_existence = "overwrite" } } });
    }

    /// <summary>Starts a backfill, and waits until all of its runs have ended.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="first">The first day.</param>
    /// <param name="last">The last day.</param>
    public async Task BackfillAsync(string dag, DateOnly first, DateOnly last)
    {
        object body = new { dag_id = dag, from_date = Midnight(first), to_date = Midnight(last), reprocess_behavior = "none", max_active_runs = 10 };

        // On SQLite, which the stack's Airflow has, a scheduler that writes meanwhile stands in its way.
        JsonElement backfill = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                (HttpStatusCode status, string text) = await AskAsync(HttpMethod.Post, "backfills", body);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text);
                backfill = Parse(text);
                return status == HttpStatusCode.OK;
            },
            "Airflow takes the backfill");
        while ((await GetAsync($"backfills/{backfill.GetProperty("id")}")).GetProperty("completed_at").ValueKind == JsonValueKind.Null)
        {
            await Task.Delay(s_poll, Cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> StateAsync(string dag, string run) => (await GetAsync($"dags/{dag}/dagRuns/{run}")).GetProperty("state").GetString()!;

    private static string Midnight(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}T00:00:00Z");

    private Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        (HttpStatusCode status, string text) = await AskAsync(method, path, body);
        Assert.True((int)status is >= 200 and < 300, $"{method} {path}: {(int)status} {text}");
        return Parse(text);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpMethod method, string path, object? body)
    {
        using HttpRequestMessage request = new(method, new Uri($"/api/v2/{path}", UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
