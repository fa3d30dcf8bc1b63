using LakehouseLab.Server.Problems;
using LakehouseLab.World.Requests;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Failures;

/// <summary>Answers requests that fail, and requests that no operation answers, with problem details.</summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ProblemDetails problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                Problem.Of(StatusCodes.Status413PayloadTooLarge, $"the body is too large: allowed are {httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes"),
            BadHttpRequestException bad => Problem.Of(bad.StatusCode, bad.Message),
            InvalidRequestException refusal => Problem.Of(StatusCodes.Status422UnprocessableEntity, refusal.Message),
            _ => Problem.Of(ServiceFailure.IsOfSystem(exception) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError, ServiceFailure.Explain(exception)),
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(exception, httpContext.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? httpContext.Request.Path);
        }

        await TypedResults.Problem(problem).ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    /// <summary>Answers a request that no operation answers.</summary>
    public static Task AnswerUnroutedAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        string path = Excerpt.Of(http.Request.Path);
        string detail = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"there is nothing at '{path}': /docs shows what there is",
            StatusCodes.Status405MethodNotAllowed => $"'{path}' does not accept {Excerpt.Of(http.Request.Method)}: it accepts {http.Response.Headers.Allow}",
            _ => "the request cannot be answered: /docs shows those that can",
        };
        return TypedResults.Problem(Problem.Of(http.Response.StatusCode, detail)).ExecuteAsync(http);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed")]
    private partial void LogFailed(Exception exception, string operation);
}
