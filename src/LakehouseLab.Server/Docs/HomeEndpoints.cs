using System.ComponentModel;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Docs;

/// <summary>What answers, for programs.</summary>
internal sealed record HomeView(
    [property: Description("The program.")] string Name,
    [property: Description("Its version.")] string Version,
    HomeLinks Links);

/// <summary>Where to go from here.</summary>
internal sealed record HomeLinks(string Emulations, string Docs, string OpenApi, string Health, string Metrics);

/// <summary>The request about nothing in particular: a page for browsers, a document for programs.</summary>
internal static class HomeEndpoints
{
    private const string Html = "text/html";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private static readonly HomeView s_home = new(
        "lakelab", typeof(HomeEndpoints).Assembly.GetName().Version!.ToString(3), new HomeLinks("/emulator/", "/docs", "/openapi/v1.json", "/health/ready", "/metrics"));

    /// <summary>The request.</summary>
    public static IEnumerable<Operation> All()
    {
        yield return new Operation("GET", "/", "showHome", DocsEndpoints.Tag, "Show what answers here: a page to browsers, a document to programs.")
        {
            IsOpen = true,
            Replies = [new(200, "The document.", ServiceJson.Documents.HomeView), new(200, "The page, to who accepts text/html.", null, Html)],
            Handle = static context => Task.FromResult((PrefersPage(context.Request)
                ? DocsEndpoints.Page()
                : Reply.Json(200, s_home, ServiceJson.Documents.HomeView)).With("Vary", "Accept")),
        };
    }

    // Browsers name text/html; programs name JSON, anything, or nothing.
    private static bool PrefersPage(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        double page = accepted.Where(type => type.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase)).Select(QualityOf).DefaultIfEmpty(0).Max();
        double document = accepted.Where(type => !type.MatchesAllTypes && s_json.IsSubsetOf(type)).Select(QualityOf).DefaultIfEmpty(0).Max();
        return page > 0 && page >= document;
    }

    private static double QualityOf(MediaTypeHeaderValue type) => type.Quality ?? 1;
}
