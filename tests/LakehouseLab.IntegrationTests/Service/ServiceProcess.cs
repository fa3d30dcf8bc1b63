using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace LakehouseLab.IntegrationTests.Service;

/// <summary>The service as a process of its own, which a test may kill.</summary>
internal sealed class ServiceProcess : IDisposable
{
    /// <summary>The bucket that it delivers to.</summary>
    public const string Bucket = "service-tests";

    // Far longer than outages of tests last: it ends a test that would otherwise wait for ever.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    private readonly LakelabProcess _process;
    private readonly HttpClient _client;

    private ServiceProcess(LakelabProcess process, Uri address, string? key)
    {
        _process = process;
        Address = address;
        _client = new HttpClient { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it on a free port.</summary>
    public static Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string> environment, string lake) =>
        ServeAsync(environment, "--lake", lake, "--buckets", Bucket, "--topics", "test-*");

    /// <summary>Starts it on a free port, with flags of <c>serve</c>.</summary>
    public static async Task<ServiceProcess> ServeAsync(IReadOnlyDictionary<string, string> environment, params string[] flags)
    {
        LakelabProcess process = LakelabProcess.Start(environment, ["serve", "--port", "0", .. flags]);
        string line = await process.WaitForLineAsync("lakelab serves");
        int start = line.IndexOf("http://", StringComparison.Ordinal);
        return new ServiceProcess(process, new Uri(line[start..line.IndexOf(": ", start, StringComparison.Ordinal)]), environment.GetValueOrDefault("LAKELAB_API_KEY"));
    }

    /// <summary>Starts an emulation.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> PostAsync(object body)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync("/emulator/", body, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>Cancels all emulations that have not ended, and waits until they have.</summary>
    public async Task CancelAllAsync()
    {
        foreach (string status in new[] { "scheduled", "running", "waiting" })
        {
            using JsonDocument page = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"/emulator/?status={status}&limit=100", UriKind.Relative), TestContext.Current.CancellationToken));
            foreach (Guid id in page.RootElement.GetProperty("emulations").EnumerateArray().Select(static emulation => emulation.GetProperty("id").GetGuid()).ToArray())
            {
                using HttpResponseMessage answer = await _client.DeleteAsync(new Uri($"/emulator/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
                await WaitAsync(id, static (state, _) => state == "completed");
            }
        }
    }

    /// <summary>Starts a pipeline run or an audit.</summary>
    public async Task StartTaskAsync(string path)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(path, new { }, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Audits layers of the lake.</summary>
    /// <returns>The verdicts, such as <c>complete</c>.</returns>
    public async Task<IReadOnlyList<string>> AuditAsync(params string[] layers)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync("/audits", new { layers }, TestContext.Current.CancellationToken);
        using JsonDocument started = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, started.RootElement.ToString());
        while (true)
        {
            using JsonDocument audit = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"/audits/{started.RootElement.GetProperty("id")}", UriKind.Relative), TestContext.Current.CancellationToken));
            if (audit.RootElement.GetProperty("status").GetString() is "completed" or "failed" or "cancelled")
            {
                return [.. audit.RootElement.GetProperty("findings").GetProperty("verdicts").EnumerateArray().Select(static verdict => verdict.GetString()!)];
            }

            await Task.Delay(s_poll, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All that the service says of an emulation.</summary>
    public async Task<JsonElement> ShowAsync(Guid id)
    {
        using JsonDocument document = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"/emulator/{id}", UriKind.Relative), TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>An emulation's status and rows.</summary>
    public async Task<(string Status, long Rows)> StatusAsync(Guid id)
    {
        using JsonDocument document = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"/emulator/{id}/status", UriKind.Relative), TestContext.Current.CancellationToken));
        return (document.RootElement.GetProperty("status").GetProperty("global_status").GetString()!, document.RootElement.GetProperty("progress").GetProperty("rows").GetInt64());
    }

    /// <summary>Waits until an emulation has a status that ends the wait.</summary>
    public async Task<string> WaitAsync(Guid id, Func<string, long, bool> isReached)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_deadline);
        while (true)
        {
            (string status, long rows) = await StatusAsync(id);
            if (isReached(status, rows) || status is "failed" or "cancelled")
            {
                return status;
            }

            Assert.False(deadline.IsCancellationRequested, $"after {s_deadline.TotalMinutes:0} minutes emulation {id} is {status} with {rows} rows");
            await Task.Delay(s_poll, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Asks it to stop and waits for its end.</summary>
    public async Task<(int Code, string Output, string Words)> StopAsync()
    {
        _process.Terminate();
        return await _process.EndAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }
}
