using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LakehouseLab.Server.Emulations;

/// <summary>Describes the settings of emulations in answers by the fields with which they are requested.</summary>
internal sealed class SettingsDescriptions(StartEmulationFields fields) : IOpenApiSchemaTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property && property.DeclaringType.IsAssignableTo(typeof(EmulationSettings)))
        {
            schema.Description ??= fields.All.FirstOrDefault(field => field.Name == property.Name)?.Description;
        }

        return Task.CompletedTask;
    }
}
