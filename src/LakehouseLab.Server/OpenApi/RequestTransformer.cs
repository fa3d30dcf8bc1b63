using System.Globalization;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.OpenApi;

/// <summary>Describes requests by what their operations declare to read, and answers by what they declare to give.</summary>
internal sealed class RequestTransformer : IOpenApiOperationTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        RequestDeclaration request = metadata.OfType<RequestDeclaration>().LastOrDefault() ?? new RequestDeclaration();
        List<IOpenApiParameter> parameters =
        [
            .. request.Path.Select(field => Parameter(field, ParameterLocation.Path)),
            .. request.Query.Select(field => Parameter(field, ParameterLocation.Query)),
            .. request.Headers.Select(field => Parameter(field, ParameterLocation.Header)),
        ];
        operation.Parameters = parameters.Count > 0 ? parameters : null;
        operation.RequestBody = request.Body is { } fields ? Body(request, fields) : null;
        foreach ((string status, OpenApiResponse response) in operation.Responses?.Select(pair => (pair.Key, (OpenApiResponse)pair.Value)) ?? [])
        {
            Describe(response, [.. metadata.OfType<DeclaredAnswer>().Where(answer => answer.Status.ToString(CultureInfo.InvariantCulture) == status)]);
        }

        // Without it what the whole document says of keys would hold.
        operation.Security = metadata.OfType<IAllowAnonymous>().Any() ? [] : null;
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiResponse response, IReadOnlyList<DeclaredAnswer> answers)
    {
        foreach (DeclaredAnswer answer in answers)
        {
            response.Description = answer.Description;
            if (answer.Location is { } location)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Location"] = new OpenApiHeader { Description = location, Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                };
            }

            if (answer.Page is { } page)
            {
                response.Content![page] = new OpenApiMediaType();
            }
        }
    }

    private static OpenApiParameter Parameter(RequestField field, ParameterLocation place) =>
        new() { Name = field.Name, In = place, Required = field.Required, Description = field.Description, Schema = field.Schema };

    private static OpenApiRequestBody Body(RequestDeclaration request, IReadOnlyList<RequestField> fields) => new()
    {
        Required = request.BodyIsRequired,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = fields.ToDictionary(field => field.Name, Property),
                    AdditionalPropertiesAllowed = false,
                    Required = fields.Where(field => field.Required).Select(field => field.Name).ToHashSet(),
                },
                Examples = request.BodyExamples.ToDictionary(example => example.Key, IOpenApiExample (example) => new OpenApiExample { Value = example.Value.DeepClone() }),
            },
        },
    };

    private static IOpenApiSchema Property(RequestField field)
    {
        OpenApiSchema schema = field.Schema;
        schema.Description = field.Description;
        if (!field.Required)
        {
            // Null is how some clients spell that nothing is stated.
            schema.Type |= JsonSchemaType.Null;
            schema.Enum?.Add(JsonNullSentinel.JsonNull);
            schema.OneOf?.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
        }

        return schema;
    }
}
