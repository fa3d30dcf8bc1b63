using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Docs;

/// <summary>Answers with a document: browsers are shown it as a page, at the same address, so that a link to it serves people and programs.</summary>
/// <typeparam name="T">The document.</typeparam>
/// <param name="title">What it is.</param>
/// <param name="document">The document.</param>
/// <param name="isLive">Whether it still changes, so that the page is to be loaded again.</param>
internal sealed class DocumentPage<T>(string title, T document, bool isLive) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Vary = HeaderNames.Accept;
        if (!httpContext.Request.WantsPage())
        {
            return TypedResults.Ok(document).ExecuteAsync(httpContext);
        }

        JsonSerializerOptions json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        JsonNode node = JsonSerializer.SerializeToNode(document, json.GetTypeInfo(typeof(T)))!;
        PagePolicy.Apply(httpContext.Response, DocumentHtml.StylePolicy);
        return TypedResults.Content(DocumentHtml.Write(title, node, isLive), $"{PageChoice.Html}; charset=utf-8").ExecuteAsync(httpContext);
    }
}
