using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LakehouseLab.Server.Audits;
using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Domains;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Health;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Lakes;
using LakehouseLab.Server.Pipelines;
using LakehouseLab.Server.Tables;

namespace LakehouseLab.Server;

/// <summary>Every document that the service writes or keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(EmulationRecord))]
[JsonSerializable(typeof(EmulationScheduled))]
[JsonSerializable(typeof(EmulationView))]
[JsonSerializable(typeof(EmulationPage))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(LakeTaskRecord))]
[JsonSerializable(typeof(PipelineRunView))]
[JsonSerializable(typeof(PipelineRunPage))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(DomainList))]
[JsonSerializable(typeof(TableList))]
[JsonSerializable(typeof(TableDetails))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(HomeView))]
internal sealed partial class ServiceJson : JsonSerializerContext
{
    // Made at the first use: only then is the default there, whichever is initialised first.
    private static readonly Lazy<ServiceJson> s_documents = new(() => new ServiceJson(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>The documents, with texts as they are: no answer is put into a page as it comes.</summary>
    public static ServiceJson Documents => s_documents.Value;
}

/// <summary>Instants in RFC 3339, in UTC, with milliseconds.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.TryParseExact(reader.GetString(), Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : throw new JsonException($"'{reader.GetString()}' is no instant");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture));
}
