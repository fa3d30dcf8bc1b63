using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace LakehouseLab.Server.Problems;

/// <summary>Makes problem details (RFC 9457) in the one form in which the service answers: the status in words, and one sentence.</summary>
internal static class Problem
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A problem of a status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">One sentence: what was given, what is allowed, the remedy.</param>
    public static ProblemDetails Of(int status, string detail) => new() { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail };

    /// <summary>A problem of the fields of a request, with status 422.</summary>
    /// <param name="detail">One sentence.</param>
    /// <param name="errors">What is wrong and what is allowed, by field.</param>
    public static HttpValidationProblemDetails Of(string detail, IDictionary<string, string[]> errors) => new(errors)
    {
        Title = ReasonPhrases.GetReasonPhrase(StatusCodes.Status422UnprocessableEntity),
        Status = StatusCodes.Status422UnprocessableEntity,
        Detail = detail,
    };

    /// <summary>Answers that a queue is full, with status 429.</summary>
    /// <param name="response">The response, which tells when to try again.</param>
    /// <param name="retryAfterSeconds">After how many seconds.</param>
    /// <param name="detail">One sentence.</param>
    public static IResult QueueIsFull(HttpResponse response, int retryAfterSeconds, string detail)
    {
        response.Headers.RetryAfter = retryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TypedResults.Problem(Of(StatusCodes.Status429TooManyRequests, detail));
    }

    /// <summary>Keeps what the framework adds to a problem out of it: a link to the status' definition, and ids of traces.</summary>
    public static void Plain(ProblemDetailsContext context)
    {
        context.ProblemDetails.Type = null;
        context.ProblemDetails.Extensions.Clear();
    }
}
