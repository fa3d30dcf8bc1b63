using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.OpenApi;

/// <summary>The OpenAPI document as it is sent: made at the first request and the same for all.</summary>
internal sealed class ApiDocumentText([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider documents)
{
    private readonly Lazy<Task<byte[]>> _bytes = new(async () =>
    {
        OpenApiDocument document = await documents.GetOpenApiDocumentAsync().ConfigureAwait(false);
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1).ConfigureAwait(false));
    });

    /// <summary>Its bytes, in UTF-8.</summary>
    public Task<byte[]> BytesAsync() => _bytes.Value;
}
