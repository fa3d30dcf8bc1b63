using System.Net;
using System.Net.Sockets;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Server.Audits;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Domains;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Health;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Pipelines;
using LakehouseLab.Server.Security;
using LakehouseLab.Server.Tables;
using LakehouseLab.Server.Telemetry;
using LakehouseLab.Storage;
using LakehouseLab.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server;

/// <summary>The emulator service of one lake: an HTTP API over durable jobs.</summary>
public sealed class EmulatorService : IAsyncDisposable
{
    private readonly List<object> _parts;
    private readonly TimeSpan _stopTime;

    private EmulatorService(WebApplication app, List<object> parts, IReadOnlyList<string> sinks, TimeSpan stopTime)
    {
        _stopTime = stopTime;
        _parts = parts;
        Sinks = sinks;
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>Where the service listens, such as <c>http://127.0.0.1:8000</c>.</summary>
    public string Address { get; }

    /// <summary>The systems besides the lake that emulations can be delivered to, each with where.</summary>
    public IReadOnlyList<string> Sinks { get; }

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
        Check(options);
        await lake.BindAsync(options.World, cancellationToken).ConfigureAwait(false);
        List<object> parts = [];
        try
        {
            WebApplication app = Build(options);
            parts.Add(app);
            return await StartAsync(app, lake, options, runner, probe ?? new SinkProbe(options.Variable, options.Buckets[0].Split('/')[0]), parts, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await StopAsync(parts, options.StopTime).ConfigureAwait(false);
            throw exception switch
            {
                JobStoreException => new StorageException(exception.Message, exception),
                IOException or SocketException => new InvalidRequestException($"cannot listen on {options.Host} port {options.Port}: {exception.Message.TrimEnd('.')}; give another --port", exception),
                _ => exception,
            };
        }
    }

    /// <summary>Stops the service within ten seconds: what runs stops at a chunk's edge and goes on after the next start.</summary>
    public ValueTask DisposeAsync() => StopAsync(_parts, _stopTime);

    private static void Check(ServiceOptions options)
    {
        if (options.ApiKey is null && !AllowedHosts.Parse(options.AllowedHosts).HasNamed && !AccessGuard.IsLoopback(options.Host))
        {
            throw new InvalidRequestException($"--host {options.Host} can be reached from other machines: set LAKELAB_API_KEY to a key that every request must bear, name the hosts that need none with --allowed-hosts, or listen on 127.0.0.1");
        }

        if (options.ApiKey is { Length: < 16 })
        {
            throw new InvalidRequestException("LAKELAB_API_KEY is too short to be safe: give at least 16 characters, such as the output of 'openssl rand -hex 24'");
        }
    }

    private static WebApplication Build(ServiceOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        ServiceTelemetry.AddLogs(builder.Logging, options.Log);
        ServiceTelemetry.AddExport(builder.Services, options.Variable);
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(5));
            // Both addresses of localhost cannot share a port that is still to be chosen.
            if (AccessGuard.IsLocalhost(options.Host) && options.Port != 0)
            {
                kestrel.ListenLocalhost(options.Port);
            }
            else
            {
                kestrel.Listen(ParseHost(options.Host), options.Port);
            }
        });
        return builder.Build();
    }

    private static IPAddress ParseHost(string host) => AccessGuard.IsLocalhost(host) ? IPAddress.Loopback : IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
        ? address
        : throw new InvalidRequestException($"--host: '{host}' is no address: give an IP address such as 127.0.0.1 or 0.0.0.0, or localhost");

    private static async Task<EmulatorService> StartAsync(
        WebApplication app, Lake lake, ServiceOptions options, IEmulationRunner? runner, ISinkProbe probe, List<object> parts, CancellationToken cancellationToken)
    {
        T Part<T>(T part)
            where T : notnull
        {
            parts.Add(part);
            return part;
        }

        ILoggerFactory loggers = app.Services.GetRequiredService<ILoggerFactory>();
        CancellationToken stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        EmulatedWorld world = new(options.World);
        JobDatabase database = Part(JobDatabase.Open(Path.Combine(options.StateFolder ?? Path.Combine(lake.Location, "_lakelab"), "service.db"), options.MaxDatabasePages));
        LakeTasks tasks = Part(new LakeTasks(database, [new PipelineWork(lake, options), new AuditWork(lake, options)], options, loggers.CreateLogger<LakeTasks>()));
        EmulationRegistry registry = new();
        EmulationScheduler scheduler = Part(new EmulationScheduler(registry, database, runner ?? new EmulatorRunner(lake, world, options), options, loggers.CreateLogger<EmulationScheduler>()));
        scheduler.Ended += record => tasks.Release(record.Id);
        ServiceTelemetry telemetry = Part(new ServiceTelemetry(scheduler, registry, tasks, database, options.Clock));

        async Task<bool> FindEmulationAsync(Guid id, CancellationToken token) =>
            registry.Find(id) is not null || await new ManifestStore(lake.Store).FindAsync(id, token).ConfigureAwait(false) is not null;

        StartEmulationFields fields = new(options);
        EmulationCommands commands = new(registry, scheduler, database, tasks, Part(new StartConflicts(lake, world, registry)), options.Clock);
        List<Operation> operations =
        [
            .. new EmulationEndpoints(registry, commands, fields, new StartEmulationReader(fields, options, lake.Location), options.Clock, stopping).All(),
            .. new PipelineEndpoints(tasks, options).All(),
            .. new AuditEndpoints(tasks, FindEmulationAsync).All(),
            .. new DomainEndpoints(lake, world).All(),
            .. Part(new TableEndpoints(lake, options)).All(),
            .. new HealthEndpoints(Part(new Readiness(lake, database, registry, probe, options.Clock))).All(),
        ];
        operations.AddRange(HomeEndpoints.All());
        operations.AddRange(DocsEndpoints.All(() => new OpenApiDocument(operations, options.ApiKey is not null, fields.All).Make()));

        OperationRouting routing = new(new AccessGuard(options.ApiKey, AllowedHosts.Parse(options.AllowedHosts)), loggers.CreateLogger<OperationRouting>());
        app.UseRouting();
        routing.Use(app);
        operations.ForEach(operation => routing.Map(app, operation));
        app.MapPrometheusScrapingEndpoint("/metrics");

        scheduler.Start();
        tasks.Start(id => registry.Find(id)?.Record.State.IsEnded() is false);
        telemetry.Restore(tasks);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        telemetry.BeginAtZero();
        return new EmulatorService(app, parts, probe.Configured, options.StopTime);
    }

    private static async ValueTask StopAsync(List<object> parts, TimeSpan stopTime)
    {
        // Requests that do not end in time are cut off.
        using CancellationTokenSource patience = new(stopTime);
        IEnumerable<Task> stopping = parts.OfType<IStoppable>().Select(part => part.StopAsync(stopTime)).Concat(parts.OfType<WebApplication>().Select(app => app.StopAsync(patience.Token)));
        await Task.WhenAll(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What was made last needs what was made before.
        foreach (object part in parts.AsEnumerable().Reverse())
        {
            if (part is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (part as IDisposable)?.Dispose();
            }
        }
    }

    // Signals are the caller's: it stops the service.
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
