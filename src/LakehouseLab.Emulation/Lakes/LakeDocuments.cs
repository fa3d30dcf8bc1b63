using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World;

namespace LakehouseLab.Emulation.Lakes;

/// <summary>The world that a lake is bound to.</summary>
/// <param name="Layout">Version of the lake's layout.</param>
/// <param name="World">The world's settings.</param>
internal sealed record WorldBinding(int Layout, WorldSettings World);

/// <summary>A range of a domain's rows that one emulation makes.</summary>
/// <param name="Emulation">The emulation.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="Rows">How many rows.</param>
public sealed record RangeClaim(Guid Emulation, long FirstRow, long Rows)
{
    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => FirstRow + Rows;

    /// <summary>The range.</summary>
    [JsonIgnore]
    public RowRange Range => new(FirstRow, EndRow);
}

/// <summary>The small JSON documents of a lake.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorldBinding))]
[JsonSerializable(typeof(RangeClaim))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ChunkInfo))]
internal sealed partial class LakeDocuments : JsonSerializerContext;
