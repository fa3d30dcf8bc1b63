using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Docs;

/// <summary>Tells browsers, which are shown pages, from programs, which are given documents.</summary>
internal static class PageChoice
{
    /// <summary>The media type of pages.</summary>
    public const string Html = "text/html";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <summary>Whether a page is wanted: browsers name text/html; programs name JSON, anything, or nothing.</summary>
    public static bool WantsPage(this HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        double page = accepted.Where(type => type.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase)).Select(QualityOf).DefaultIfEmpty(0).Max();
        double document = accepted.Where(type => !type.MatchesAllTypes && s_json.IsSubsetOf(type)).Select(QualityOf).DefaultIfEmpty(0).Max();
        return page > 0 && page >= document;
    }

    private static double QualityOf(MediaTypeHeaderValue type) => type.Quality ?? 1;
}
