using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace LakehouseLab.Server.Requests;

/// <summary>The header that makes a repeated request answer the first one's result.</summary>
/// <param name="Value">The key; null when there is none.</param>
/// <param name="Problem">What is wrong with it; null when nothing is.</param>
internal sealed record IdempotencyKey(string? Value, ProblemDetails? Problem) : IRequestPart
{
    /// <summary>The header's name.</summary>
    public const string Name = "Idempotency-Key";

    /// <summary>The header as it is documented.</summary>
    public static TextField Field { get; } = new(Name, "Makes a repeated request answer the first one's result.", 255, "printable ASCII", static text => text.All(static c => c is >= ' ' and <= '~'));

    /// <summary>Reads a request's key.</summary>
    public static ValueTask<IdempotencyKey> BindAsync(HttpContext context)
    {
        StringValues given = context.Request.Headers[Name];
        return ValueTask.FromResult(
            given.Count == 0 ? new IdempotencyKey(null, null)
            : given.Count > 1 ? Wrong($"is sent {given.Count} times: send it once")
            : Field.TryRead(Field.OfText(given.ToString()), out string? key, out string? wrong) ? new IdempotencyKey(key, null)
            : Wrong(wrong));
    }

    private static IdempotencyKey Wrong(string how) => new(null, Problems.Problem.Of(StatusCodes.Status400BadRequest, $"{Name} {how}"));
}
