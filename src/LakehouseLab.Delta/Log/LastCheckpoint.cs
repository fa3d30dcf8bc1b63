using System.Text.Json.Serialization;

namespace LakehouseLab.Delta.Log;

/// <summary>The hint at the newest checkpoint that other readers look for; this library lists the log instead.</summary>
internal sealed record LastCheckpoint(long Version, long Size, long SizeInBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LastCheckpoint))]
internal sealed partial class LogDocuments : JsonSerializerContext;
