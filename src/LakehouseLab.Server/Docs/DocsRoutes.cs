using System.Buffers.Text;
using System.Security.Cryptography;
using LakehouseLab.Server.OpenApi;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace LakehouseLab.Server.Docs;

/// <summary>The requests about requests: the OpenAPI document, and a page on which every request can be tried.</summary>
internal static class DocsRoutes
{
    /// <summary>Where the page is.</summary>
    public const string Page = "/docs";

    /// <summary>Where the document is.</summary>
    public const string Document = $"/openapi/{ApiDocument.Name}.json";

    /// <summary>Routes them.</summary>
    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Document, Methods.Read, static async (ApiDocumentText document) => TypedResults.Bytes(await document.BytesAsync().ConfigureAwait(false), "application/json"))
            .WithName("showOpenApi").WithTags("docs").WithSummary("Show this document.").AnswersContent("The OpenAPI document.", "application/json");
        routes.MapScalarApiReference(Page, static (page, context) =>
        {
            // The page loads nothing from elsewhere, and asks this service alone.
            string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            PagePolicy.Apply(context.Response, $"script-src 'self' 'nonce-{nonce}'", "style-src 'unsafe-inline'", "connect-src 'self'", "img-src 'self' data:");
            page.WithTitle("Lakehouse Lab: emulator service").WithNonce(nonce)
                .DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools();
        });
    }
}
