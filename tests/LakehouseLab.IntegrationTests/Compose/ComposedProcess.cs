using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Compose;

/// <summary>A container's command as a process: entrypoint, command and variables as Compose puts them together.</summary>
internal sealed class ComposedProcess : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _words;

    private ComposedProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _words = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Starts a service.</summary>
    public static ComposedProcess Start(ComposeService service, ContainerPlace place) => new(place.Start(service, [.. service.Entrypoint, .. service.Command]));

    /// <summary>Runs a service that ends.</summary>
    public static Task<(int Code, string Words)> RunAsync(ComposeService service, ContainerPlace place) => Start(service, place).EndAsync();

    /// <summary>Waits until a service's healthcheck passes; fails when the service ends before.</summary>
    public async Task WaitUntilHealthyAsync(ComposeService service, ContainerPlace place)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(_process.HasExited, _process.HasExited ? await _words + await _output : "");
                (int code, _) = await new ComposedProcess(place.Start(service, service.Healthcheck!.Test[1..])).EndAsync();
                await Task.Delay(code == 0 ? TimeSpan.Zero : s_poll, TestContext.Current.CancellationToken);
                return code == 0;
            },
            $"'{string.Join(' ', service.Command)}' is healthy");
    }

    /// <summary>A port that nobody listens on.</summary>
    public static string FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task<(int Code, string Words)> EndAsync()
    {
        using (this)
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (_process.ExitCode, await _words + await _output);
        }
    }
}
