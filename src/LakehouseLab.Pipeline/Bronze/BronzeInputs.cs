using System.Text.Json.Serialization;

namespace LakehouseLab.Pipeline.Bronze;

/// <summary>What a batch of Bronze takes in.</summary>
/// <param name="Objects">The raw objects, in the order of their records.</param>
public sealed record BronzeInputs(IReadOnlyList<BronzeObject> Objects);

/// <summary>A raw object.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Format">Format of its records.</param>
/// <param name="Emulation">The emulation whose chunk it is, or null for an object of others.</param>
public sealed record BronzeObject(string Key, long Length, string Format, Guid? Emulation);

/// <summary>What an ingestion took in.</summary>
/// <param name="Objects">Raw objects.</param>
/// <param name="Records">Records.</param>
/// <param name="Bytes">Bytes of the records.</param>
public sealed record BronzeResult(long Objects, long Records, long Bytes);

/// <summary>The flow's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BronzeInputs))]
internal sealed partial class BronzeDocuments : JsonSerializerContext;
