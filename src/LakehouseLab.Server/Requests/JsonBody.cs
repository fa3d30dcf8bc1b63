using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using LakehouseLab.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace LakehouseLab.Server.Requests;

/// <summary>A request's body, read as JSON by the service itself: the framework's own binding stops at the first wrong field.</summary>
/// <param name="Root">The document; undefined when there is no body.</param>
/// <param name="Bytes">The body as it came.</param>
/// <param name="Problem">What is wrong with it; null when nothing is.</param>
internal sealed record JsonBody(JsonElement Root, ReadOnlyMemory<byte> Bytes, ProblemDetails? Problem = null) : IRequestPart
{
    /// <summary>Bytes of a body at most.</summary>
    public const int MaxBytes = 64 << 10;

    // Requests are flat: an object of plain values.
    private const int MaxDepth = 8;

    /// <summary>Reads the body.</summary>
    /// <exception cref="BadHttpRequestException">The body is too large or too slow.</exception>
    public static async ValueTask<JsonBody> BindAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> bytes = await ReadBytesAsync(context).ConfigureAwait(false);
        return bytes.IsEmpty ? new JsonBody(default, bytes)
            : IsJson(context.Request.ContentType) ? Parse(bytes)
            : Wrong(StatusCodes.Status415UnsupportedMediaType, $"Content-Type is {(context.Request.ContentType is { Length: > 0 } type ? $"'{Excerpt.Of(type)}'" : "missing")}: send application/json in UTF-8");
    }

    private static JsonBody Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            return NotJson("it is not in UTF-8");
        }

        try
        {
            if (FindUnpairedSurrogate(bytes.Span))
            {
                return NotJson("a text has half of a surrogate pair");
            }

            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new JsonBody(document.RootElement.Clone(), bytes);
        }
        catch (JsonException exception)
        {
            return NotJson(exception.Message.ReplaceLineEndings(" "));
        }
    }

    private static JsonBody Wrong(int status, string detail) => new(default, default, Problems.Problem.Of(status, detail));

    private static JsonBody NotJson(string reason) =>
        Wrong(StatusCodes.Status400BadRequest, $"the body is not the JSON that is read here: {Excerpt.Of(reason, 200)}; send one flat object");

    // Such texts are well-formed JSON, but no text: whoever reads one later would fail.
    private static bool FindUnpairedSurrogate(ReadOnlySpan<byte> bytes)
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped)
            {
                try
                {
                    reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext context)
    {
        ArrayBufferWriter<byte> bytes = new(512);
        while (true)
        {
            int read = await context.Request.Body.ReadAsync(bytes.GetMemory(512), context.RequestAborted).ConfigureAwait(false);
            if (read == 0)
            {
                return bytes.WrittenMemory;
            }

            bytes.Advance(read);
        }
    }
}
