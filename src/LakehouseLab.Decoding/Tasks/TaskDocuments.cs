using System.Text.Json.Serialization;

namespace LakehouseLab.Decoding.Tasks;

/// <summary>The documents of the protocol.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecodeTask))]
[JsonSerializable(typeof(DecodeAnswer))]
[JsonSerializable(typeof(TaskVersion))]
internal sealed partial class TaskDocuments : JsonSerializerContext;
