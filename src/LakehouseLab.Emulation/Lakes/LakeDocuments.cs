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
/// <param name="Rows">How many rows were claimed.</param>
public sealed record RangeClaim(Guid Emulation, long FirstRow, long Rows)
{
    /// <summary>Where the emulation ended it before its end; null when it did not.</summary>
    [JsonIgnore]
    public long? EndedAt { get; init; }

    /// <summary>The row after the last.</summary>
    [JsonIgnore]
    public long EndRow => EndedAt ?? (FirstRow + Rows);

    /// <summary>The range, without what was given back.</summary>
    [JsonIgnore]
    public RowRange Range => new(FirstRow, EndRow);
}

/// <summary>Where an emulation ended a claim before its end.</summary>
/// <param name="EndRow">The row after the last that it has.</param>
internal sealed record ClaimEnd(long EndRow);

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
[JsonSerializable(typeof(ClaimEnd))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ChunkInfo))]
internal sealed partial class LakeDocuments : JsonSerializerContext;
