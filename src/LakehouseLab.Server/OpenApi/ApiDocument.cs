using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.OpenApi;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    /// <summary>Its name, as in its address.</summary>
    public const string Name = "v1";

    private const string Key = "key";

    /// <summary>Adds it to the host's services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="needsKey">Whether requests need a key.</param>
    public static void AddApiDocument(this IServiceCollection services, bool needsKey)
    {
        services.AddSingleton<ApiDocumentText>();
        services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = static operation => operation.HttpMethod != "HEAD";
            options.AddOperationTransformer<RequestTransformer>();
            options.AddSchemaTransformer<AnswerSchemas>();
            options.AddDocumentTransformer((document, _, _) =>
            {
                Complete(document, needsKey);
                return Task.CompletedTask;
            });
        });
    }

    private static void Complete(OpenApiDocument document, bool needsKey)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Lakehouse Lab: emulator service",
            Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = "Starts emulations that deliver records to MinIO, Kafka or local files, each record once, and takes them through Bronze, Silver and Gold. A slash at the end of a path changes nothing.",
        };
        document.Servers = null;
        foreach (OpenApiSchema schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
        {
            LeaveNullOut(schema, document);
        }

        if (needsKey)
        {
            document.AddComponent(Key, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        }
    }

    // The framework lets documents within documents be null, once all else is described.
    private static void LeaveNullOut(OpenApiSchema schema, OpenApiDocument document)
    {
        foreach ((string name, IOpenApiSchema property) in schema.Properties?.ToList() ?? [])
        {
            if (property.OneOf is [{ Type: JsonSchemaType.Null }, OpenApiSchemaReference { Reference.Id: { } id }])
            {
                schema.Properties![name] = new OpenApiSchemaReference(id, document) { Description = property.Description };
            }
        }
    }
}
