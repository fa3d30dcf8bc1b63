using System.Text.Json.Serialization;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The world that a lake is bound to.</summary>
/// <param name="Layout">Version of the lake's layout.</param>
/// <param name="World">The world's settings.</param>
internal sealed record WorldBinding(int Layout, WorldSettings World);

/// <summary>The JSON documents of a lake as a whole.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorldBinding))]
[JsonSerializable(typeof(ForeignPolicy))]
internal sealed partial class LakeDocuments : JsonSerializerContext;
