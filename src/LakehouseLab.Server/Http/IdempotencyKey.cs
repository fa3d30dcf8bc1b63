using LakehouseLab.Server.Fields;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LakehouseLab.Server.Http;

/// <summary>The header that makes a repeated request answer the first one's result.</summary>
internal static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Name = "Idempotency-Key";

    /// <summary>The header as it is documented.</summary>
    public static TextField Field { get; } = new(Name, "Makes a repeated request answer the first one's result.", 255, "printable ASCII", static text => text.All(static c => c is >= ' ' and <= '~'));

    /// <summary>Reads a request's key.</summary>
    /// <returns>The key, null when there is none, or the problem.</returns>
    public static (string? Key, Problem? Problem) Read(HttpRequest request)
    {
        StringValues given = request.Headers[Name];
        if (given.Count == 0)
        {
            return (null, null);
        }

        return given.Count > 1 ? (null, Problem.Of(StatusCodes.Status400BadRequest, $"{Name} is sent {given.Count} times: send it once"))
            : Field.TryRead(Field.OfText(given.ToString()), out string? key, out string? wrong) ? (key, null)
            : (null, Problem.Of(StatusCodes.Status400BadRequest, $"{Name} {wrong}"));
    }
}
