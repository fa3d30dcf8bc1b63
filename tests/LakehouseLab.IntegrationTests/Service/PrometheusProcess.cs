using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Service;

/// <summary>A real Prometheus that looks at a service with the rules that come with the project.</summary>
internal sealed class PrometheusProcess : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusProcess(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">Path of the program.</param>
    /// <param name="folder">An empty folder of its own.</param>
    /// <param name="rules">The file of the rules.</param>
    /// <param name="service">Where the service is.</param>
    public static async Task<PrometheusProcess> StartAsync(string program, string folder, string rules, Uri service)
    {
        string configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            global: {"{"} scrape_interval: 200ms, evaluation_interval: 500ms {"}"}
            rule_files: ["{rules}"]
            scrape_configs:
              - job_name: lakelab
                scrape_timeout: 200ms
                static_configs: [{"{"} targets: ["{service.Authority}"] {"}"}]
            """,
            TestContext.Current.CancellationToken);
        int port = FreePort();
        ProcessStartInfo start = new(program, [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}"])
        {
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return new PrometheusProcess(process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>Waits until a query finds something.</summary>
    public async Task WaitForAsync(string query)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                await Task.Delay(s_poll, TestContext.Current.CancellationToken);
                try
                {
                    return (await QueryAsync(query)).Count > 0;
                }
                catch (HttpRequestException)
                {
                    // It has not started yet.
                    Assert.False(_process.HasExited, "Prometheus ended");
                    return false;
                }
            },
            query);
    }

    /// <summary>Runs a query.</summary>
    /// <returns>The series that it finds.</returns>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string query)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{query}: {text}");
        return response.StatusCode == HttpStatusCode.OK ? [.. JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("result").EnumerateArray()] : [];
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
