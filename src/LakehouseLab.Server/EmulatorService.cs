using System.Net.Sockets;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Health;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Pipelines;
using LakehouseLab.Server.Security;
using LakehouseLab.Server.Settings;
using LakehouseLab.Server.Tables;
using LakehouseLab.Server.Telemetry;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server;

/// <summary>The emulator service of one lake: an HTTP API over durable jobs.</summary>
public sealed class EmulatorService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmulatorService(WebApplication app) => _app = app;

    /// <summary>Where the service listens, such as <c>http://127.0.0.1:8000</c>.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The systems besides the lake that emulations can be delivered to, each with where.</summary>
    public IReadOnlyList<string> Sinks => _app.Services.GetRequiredService<ISinkProbe>().Configured;

    /// <summary>Starts the service.</summary>
    /// <param name="lake">The lake, whose lock the caller holds while the service runs.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="InvalidRequestException">The options are wrong together, the lake holds another world, or the port is taken.</exception>
    /// <exception cref="StorageException">The job database fails.</exception>
    public static Task<EmulatorService> StartAsync(Lake lake, ServiceOptions options, CancellationToken cancellationToken) =>
        StartAsync(lake, options, null, null, cancellationToken);

    /// <summary>Starts the service with parts of a test's own.</summary>
    internal static async Task<EmulatorService> StartAsync(Lake lake, ServiceOptions options, IEmulationRunner? runner, ISinkProbe? probe, CancellationToken cancellationToken)
    {
        ServiceHost.Check(options);
        await lake.BindAsync(options.World, cancellationToken).ConfigureAwait(false);
        WebApplication app = ServiceHost.Build(lake, options, services =>
        {
            Replace(services, runner);
            Replace(services, probe);
        });
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return new EmulatorService(app);
        }
        catch (Exception exception)
        {
            await StopAsync(app).ConfigureAwait(false);
            throw exception switch
            {
                JobStoreException => new StorageException(exception.Message, exception),
                IOException or SocketException => new InvalidRequestException($"cannot listen on {options.Host} port {options.Port}: {exception.Message.TrimEnd('.')}; give another --port", exception),
                _ => exception,
            };
        }
    }

    /// <summary>Waits while the service works: until the caller ends the waiting, or with the failure of a part of the service, which stops it.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _app.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(part => part.ExecuteTask).FirstOrDefault(work => work?.IsFaulted is true) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }
    }

    /// <summary>Stops the service within ten seconds: what runs stops at a chunk's edge and continues after the next start.</summary>
    public ValueTask DisposeAsync() => StopAsync(_app);

    private static void Replace<T>(IServiceCollection services, T? part)
        where T : class
    {
        if (part is not null)
        {
            services.AddSingleton(part);
        }
    }

    // What does not stop in time is cut off.
    private static async ValueTask StopAsync(WebApplication app)
    {
        await app.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync().ConfigureAwait(false);
    }
}
