using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Lakes.Ledgers;

namespace LakehouseLab.Emulation.Lakes.Claims;

/// <summary>Where an emulation ended a claim before its end.</summary>
/// <param name="EndRow">The row after the last that it has.</param>
internal sealed record ClaimEnd(long EndRow);

/// <summary>The claims' JSON documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RangeClaim))]
[JsonSerializable(typeof(CondensedEntries<RangeClaim>), TypeInfoPropertyName = "CondensedClaims")]
[JsonSerializable(typeof(ClaimEnd))]
internal sealed partial class ClaimDocuments : JsonSerializerContext;
