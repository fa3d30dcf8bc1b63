using System.ComponentModel;
using LakehouseLab.Server.Http;

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

/// <summary>The requests about the service's health.</summary>
internal sealed class HealthEndpoints(Readiness readiness)
{
    private const string Tag = "health";

    /// <summary>The requests.</summary>
    public IEnumerable<Operation> All() =>
    [
        new("GET", "/health/live", "isLive", Tag, "Whether the process answers.")
        {
            IsOpen = true,
            Replies = [new(200, "It does.", ServiceJson.Documents.HealthView)],
            Handle = _ => Task.FromResult(Reply.Json(200, new HealthView(true, []), ServiceJson.Documents.HealthView)),
        },
        new("GET", "/health/ready", "isReady", Tag, "Whether everything is there that the service needs: job database, lake, and the systems that running emulations deliver to.")
        {
            IsOpen = true,
            Replies = [new(200, "It is.", ServiceJson.Documents.HealthView), new(503, "It is not: what is away is named.", ServiceJson.Documents.HealthView)],
            Handle = async _ =>
            {
                HealthView health = await readiness.LookAsync().ConfigureAwait(false);
                return Reply.Json(health.Ready ? 200 : 503, health, ServiceJson.Documents.HealthView);
            },
        },
    ];
}
