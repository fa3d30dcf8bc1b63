using System.Text;
using System.Text.Json.Nodes;
using LakehouseLab.Server.Http;

namespace LakehouseLab.Server.Docs;

/// <summary>The requests about requests: the OpenAPI document and a page that shows it.</summary>
internal static class DocsEndpoints
{
    /// <summary>The feature that they belong to.</summary>
    public const string Tag = "docs";

    private const string PageFile = "page.html";

    // The page loads nothing from elsewhere, and asks this service alone.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The requests.</summary>
    /// <param name="makeDocument">Makes the OpenAPI document.</param>
    public static IEnumerable<Operation> All(Func<JsonObject> makeDocument)
    {
        Lazy<byte[]> document = new(() => Encoding.UTF8.GetBytes(makeDocument().ToJsonString(ServiceJson.Documents.Options)));
        yield return new Operation("GET", "/openapi/v1.json", "showOpenApi", Tag, "Show this document.")
        {
            IsOpen = true,
            Replies = [new(200, "The OpenAPI document.", null)],
            Handle = _ => Task.FromResult(Reply.Bytes(document.Value, "application/json")),
        };
        yield return Page("/docs", "showDocs", PageFile, "text/html", "Show a page on which every request can be tried.");
        yield return Page("/docs/page.js", "showDocsScript", "page.js", "text/javascript", "The page's script.");
        yield return Page("/docs/page.css", "showDocsStyle", "page.css", "text/css", "The page's style.");
    }

    /// <summary>The page on which every request can be tried.</summary>
    public static Reply Page() => File(PageFile, "text/html");

    private static Operation Page(string path, string id, string resource, string contentType, string summary) => new("GET", path, id, Tag, summary)
    {
        IsOpen = true,
        Replies = [new(200, "The page.", null, contentType)],
        Handle = _ => Task.FromResult(File(resource, contentType)),
    };

    private static Reply File(string resource, string contentType) =>
        Reply.Bytes(Read(resource), $"{contentType}; charset=utf-8").With("Content-Security-Policy", Policy).With("X-Content-Type-Options", "nosniff");

    private static byte[] Read(string resource)
    {
        using Stream stream = typeof(DocsEndpoints).Assembly.GetManifestResourceStream(resource)!;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
