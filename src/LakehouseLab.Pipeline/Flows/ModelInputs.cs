using System.Text.Json.Serialization;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Ledgers;

namespace LakehouseLab.Pipeline.Flows;

/// <summary>What a batch of a model ingests.</summary>
/// <param name="Definition">Checksum of the model's file: another definition recomputes the whole table.</param>
/// <param name="Full">Whether the table is recomputed from all of its inputs.</param>
/// <param name="Tables">The versions of each input.</param>
/// <param name="FromDay">First day to be recomputed besides what changed, or null.</param>
/// <param name="ToDay">The day after the last one, or null.</param>
public sealed record ModelInputs(
    string Definition,
    bool Full,
    IReadOnlyDictionary<string, VersionRange> Tables,
    DateOnly? FromDay = null,
    DateOnly? ToDay = null)
{
    /// <summary>What a model of a source does with foreign records; null for <see cref="ForeignTreatment.Report"/> and for other models.</summary>
    public ForeignTreatment? Foreign { get; init; }

    /// <summary>The project and file of the model; null for one that comes with the program.</summary>
    public string? Origin { get; init; }

    /// <summary>How they are written.</summary>
    public static LedgerForm<ModelInputs> Form { get; } = new(FlowDocuments.Default.ModelInputs, FlowDocuments.Default.CondensedInputs, FlowProgress<ModelInputs>.Digits)
    {
        Holds = static (held, inputs) => LakeDocument.Write(held, FlowDocuments.Default.ModelInputs).AsSpan().SequenceEqual(LakeDocument.Write(inputs, FlowDocuments.Default.ModelInputs)),
    };
}

/// <summary>Versions of an input table.</summary>
/// <param name="After">The version that the batch before ingested; -1 for none.</param>
/// <param name="Until">The version as of which the table is read.</param>
/// <param name="TableId">Id of the table: another one is another table, however alike; null when there was none.</param>
public sealed record VersionRange(long After, long Until, string? TableId = null);

/// <summary>The flows' documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelInputs))]
[JsonSerializable(typeof(CondensedEntries<ModelInputs>), TypeInfoPropertyName = "CondensedInputs")]
internal sealed partial class FlowDocuments : JsonSerializerContext;
