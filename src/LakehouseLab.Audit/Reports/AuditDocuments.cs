using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LakehouseLab.Audit.Reports;

/// <summary>The one JSON form of a report, whoever shows it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(Finding[]))]
[JsonSerializable(typeof(string[]))]
public sealed partial class AuditDocuments : JsonSerializerContext
{
    // Made at the first use: only then is the default there, whichever is initialised first.
    private static readonly Lazy<AuditDocuments> s_texts = new(() => new AuditDocuments(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>The documents, with texts as they are: no answer is put into a page as it comes.</summary>
    public static AuditDocuments Texts => s_texts.Value;
}
