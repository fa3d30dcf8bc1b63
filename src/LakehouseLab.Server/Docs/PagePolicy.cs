using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Docs;

/// <summary>What a page may load and ask for: nothing but what it names.</summary>
internal static class PagePolicy
{
    /// <summary>Sends the policy with a page.</summary>
    /// <param name="response">The page's response.</param>
    /// <param name="allowed">What the page may do, as directives of a Content-Security-Policy.</param>
    public static void Apply(HttpResponse response, params string[] allowed)
    {
        response.Headers.ContentSecurityPolicy = string.Join("; ", ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", .. allowed]);
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
