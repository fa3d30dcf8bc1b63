using System.ComponentModel;
using System.Text.Json.Serialization;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Docs;

/// <summary>What answers, for programs.</summary>
internal sealed record HomeView(
    [property: Description("The program.")] string Name,
    [property: Description("Its version.")] string Version,
    HomeLinks Links);

/// <summary>Where to go from here.</summary>
internal sealed record HomeLinks(string Emulations, string Docs, string OpenApi, string Health, string Metrics);

/// <summary>The answers about nothing in particular.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HomeView))]
internal sealed partial class HomeReports : JsonSerializerContext;

/// <summary>The request about nothing in particular: a page for browsers, a document for programs.</summary>
internal static class HomeRoutes
{
    private static readonly HomeView s_home = new(
        "lakelab", typeof(HomeRoutes).Assembly.GetName().Version!.ToString(3), new HomeLinks("/emulator/", DocsRoutes.Page, DocsRoutes.Document, "/health/ready", "/metrics"));

    /// <summary>Adds the parts of the service that it needs.</summary>
    public static void AddHome(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HomeReports.Default));

    /// <summary>Routes it.</summary>
    public static void MapHome(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", Methods.Read, Show).WithName("showHome").WithTags("docs").WithSummary("Show what answers here: a page to browsers, a document to programs.")
            .Answers<HomeView>(200, "The document, or a page for clients that accept text/html.", page: PageChoice.Html);

    private static IResult Show(HttpRequest request, HttpResponse response)
    {
        response.Headers.Vary = HeaderNames.Accept;
        if (!request.WantsPage())
        {
            return TypedResults.Ok(s_home);
        }

        PagePolicy.Apply(response);
        return TypedResults.Stream(typeof(HomeRoutes).Assembly.GetManifestResourceStream("home.html")!, $"{PageChoice.Html}; charset=utf-8");
    }
}
