using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace LakehouseLab.Bench;

/// <summary>The service as a process of its own, killed at the end.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly Process _process;

    private RunningService(Process process, HttpClient client)
    {
        _process = process;
        Client = client;
    }

    /// <summary>Speaks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Most memory that it had so far, in bytes.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<RunningService> StartAsync(int connections, CancellationToken cancellationToken, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(Lakelab.Program, ["serve", "--port", "0", .. arguments]) { RedirectStandardError = true })!;
        RunningService service = new(process, new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }));
        service.Client.BaseAddress = new Uri(await AddressAsync(process, cancellationToken));
        await service.Client.GetStringAsync("/docs", cancellationToken);
        return service;
    }

    /// <summary>Starts an emulation.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> EmulateAsync(string body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Client.PostAsync("/emulator/", new StringContent(body, Encoding.UTF8, "application/json"), cancellationToken);
        using JsonDocument answer = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        return answer.RootElement.GetProperty("id").GetString()!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> AddressAsync(Process process, CancellationToken cancellationToken)
    {
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            int at = line.IndexOf("http://", StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = process.StandardError.ReadToEndAsync(cancellationToken);
                return line[at..line.IndexOf(": ", at, StringComparison.Ordinal)];
            }
        }

        throw new InvalidOperationException("the service did not start");
    }
}
