using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.OpenApi;

/// <summary>Makes the schemas of answers say what is written: what is null is left out, all else is always there, and there is nothing more.</summary>
internal sealed class AnswerSchemas : IOpenApiSchemaTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Format == "date-time")
        {
            schema.Type = JsonSchemaType.String;
        }

        if (schema.Type is { } type && type != JsonSchemaType.Null)
        {
            schema.Type = type & ~JsonSchemaType.Null;
        }

        if (schema.Properties is { Count: > 0 } properties)
        {
            bool isProblem = context.JsonTypeInfo.Type.IsAssignableTo(typeof(ProblemDetails));
            schema.AdditionalPropertiesAllowed = false;
            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => properties.ContainsKey(property.Name) && (isProblem ? property.Name is "title" or "status" or "detail" : !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null))
                .Select(property => property.Name).ToHashSet();
        }

        return Task.CompletedTask;
    }
}
