using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace LakehouseLab.Server.Http;

/// <summary>What is wrong with a request, or with the service (RFC 9457).</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence: what was given, what is allowed, the remedy.</param>
/// <param name="Errors">What is wrong, by field; null when no single field is.</param>
internal sealed record Problem(
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null)
{
    /// <summary>The media type of problems.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Makes a problem of a status.</summary>
    public static Problem Of(int status, string detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null) =>
        new(ReasonPhrases.GetReasonPhrase(status), status, detail, errors);
}
