using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server.Audits;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Domains;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Failures;
using LakehouseLab.Server.Health;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Pipelines;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using LakehouseLab.Server.Security;
using LakehouseLab.Server.Settings;
using LakehouseLab.Server.Tables;
using LakehouseLab.Server.Telemetry;
using LakehouseLab.World;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server;

/// <summary>Puts the service together: its parts, what each request passes through, and the requests.</summary>
internal static class ServiceHost
{
    /// <summary>Refuses options that are wrong together.</summary>
    /// <exception cref="InvalidRequestException">They are.</exception>
    public static void Check(ServiceOptions options)
    {
        if (options.ApiKey is null && !AllowedHosts.Parse(options.AllowedHosts).HasNamed && !AccessGuard.IsLoopback(options.Host))
        {
            throw new InvalidRequestException($"--host {options.Host} can be reached from other machines: set LAKELAB_API_KEY to a key that every request must have, name the hosts that need none with --allowed-hosts, or listen on 127.0.0.1");
        }

        if (options.ApiKey is { Length: < 16 })
        {
            throw new InvalidRequestException("LAKELAB_API_KEY is too short to be safe: give at least 16 characters, such as the output of 'openssl rand -hex 24'");
        }
    }

    /// <summary>Builds the service.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="options">How the service runs.</param>
    /// <param name="replace">Adds parts in place of the service's own.</param>
    /// <exception cref="InvalidRequestException">The options name no address to listen on.</exception>
    public static WebApplication Build(Lake lake, ServiceOptions options, Action<IServiceCollection> replace)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        IPAddress address = ParseHost(options.Host);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, address, options));
        ServiceTelemetry.AddLogs(builder.Logging, options.Log);
        AddParts(builder.Services, lake, options);
        replace(builder.Services);
        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(FailureHandler.AnswerUnroutedAsync);
        app.UseRouting();
        app.UseMiddleware<AccessGuard>();
        Map(app, needsKey: options.ApiKey is not null);
        return app;
    }

    /// <summary>Sets how answers are written. Texts stay as they are: no answer is put into a page as it comes.</summary>
    public static void Form(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.Converters.Add(new InstantConverter());
    }

    private static void AddParts(IServiceCollection services, Lake lake, ServiceOptions options)
    {
        services.AddSingleton(lake);
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        services.AddSingleton(new EmulatedWorld(options.World));
        services.AddSingleton(_ => JobDatabase.Open(Path.Combine(options.StateFolder ?? Path.Combine(lake.Location, "_lakelab"), "service.db"), options.MaxDatabasePages));
        services.AddSingleton<IHostLifetime, CallersLifetime>();
        services.Configure<HostOptions>(host =>
        {
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = options.StopTime;
        });
        services.ConfigureHttpJsonOptions(static json => Form(json.SerializerOptions));
        services.AddProblemDetails(static problems => problems.CustomizeProblemDetails = Problem.Plain);
        services.AddExceptionHandler<FailureHandler>();
        services.AddSingleton<AccessGuard>();
        services.AddApiDocument(needsKey: options.ApiKey is not null);

        // Those that work by themselves start in this order.
        services.AddSingleton<LakeTasks>();
        services.AddHostedService(static parts => parts.GetRequiredService<LakeTasks>());
        services.AddEmulations(ApiDocument.Name);
        services.AddPipelines();
        services.AddAudits();
        services.AddDomains();
        services.AddTables();
        services.AddHealth();
        services.AddHome();
        services.AddHostedService<ServiceTelemetry>();
        ServiceTelemetry.AddExport(services, options.Variable);
    }

    private static void Map(WebApplication app, bool needsKey)
    {
        // Any request can be refused, and any system behind the service can fail.
        RouteGroupBuilder all = app.MapGroup("").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        RouteGroupBuilder open = all.MapGroup("").AllowAnonymous();
        open.MapHome();
        open.MapHealth();
        open.MapDocs();

        RouteGroupBuilder guarded = needsKey ? all.MapGroup("").ProducesProblem(StatusCodes.Status401Unauthorized) : all;
        guarded.MapEmulations();
        guarded.MapPipelines();
        guarded.MapAudits();
        guarded.MapDomains();
        guarded.MapTables();
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static void Listen(KestrelServerOptions kestrel, IPAddress address, ServiceOptions options)
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
            kestrel.Listen(address, options.Port);
        }
    }

    private static IPAddress ParseHost(string host) => AccessGuard.IsLocalhost(host) ? IPAddress.Loopback : IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
        ? address
        : throw new InvalidRequestException($"--host: '{host}' is not an address: give an IP address such as 127.0.0.1 or 0.0.0.0, or localhost");

    // Signals are the caller's: it stops the service.
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
