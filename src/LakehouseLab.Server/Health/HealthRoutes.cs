using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LakehouseLab.Server.Health;

/// <summary>What the service needs and how that is.</summary>
internal sealed record HealthView(
    [property: Description("Whether all is well.")] bool Ready,
    [property: Description("What the service needs.")] IReadOnlyList<NeedView> Needs);

/// <summary>One thing that the service needs.</summary>
internal sealed record NeedView(
    [property: Description("What it is.")] string Name,
    bool Ready,
    [property: Description("What is wrong with it; absent when nothing is.")] string? Problem);

/// <summary>The answers about the service's health.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HealthView))]
internal sealed partial class HealthReports : JsonSerializerContext;

/// <summary>The requests about the service's health.</summary>
internal static class HealthRoutes
{
    /// <summary>Adds the parts of the service that the requests need.</summary>
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<ISinkProbe, SinkProbe>();
        services.AddSingleton<Readiness>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HealthReports.Default));
    }

    /// <summary>Routes the requests.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder health = routes.MapGroup("/health").WithTags("health");
        health.MapMethods("/live", Methods.Read, static () => TypedResults.Ok(new HealthView(true, []))).WithName("isLive").WithSummary("Whether the process answers.")
            .Answers<HealthView>(200, "It does.");
        health.MapMethods("/ready", Methods.Read, IsReadyAsync).WithName("isReady")
            .WithSummary("Whether everything is there that the service needs: job database, lake, and the systems that running emulations deliver to.")
            .Answers<HealthView>(200, "It is.").Answers<HealthView>(503, "It is not: what is away is named.");
    }

    private static async Task<IResult> IsReadyAsync(Readiness readiness)
    {
        HealthView health = await readiness.LookAsync().ConfigureAwait(false);
        return TypedResults.Json(health, statusCode: health.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
