using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Security;
using LakehouseLab.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Server.Http;

/// <summary>Routes operations and turns every failure into a problem.</summary>
internal sealed partial class OperationRouting(AccessGuard guard, ILogger<OperationRouting> logger)
{
    /// <summary>Adds the middleware that guards, and answers what no operation does.</summary>
    public void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        if (guard.Refuse(context, context.GetEndpoint()?.Metadata.GetMetadata<OpenEndpoint>() is not null) is { } refusal)
        {
            await refusal.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
        if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentLength is null && context.Response.ContentType is null)
        {
            await Reply.Problem(context.Response.StatusCode, Unrouted(context)).WriteAsync(context).ConfigureAwait(false);
        }
    });

    /// <summary>Routes an operation.</summary>
    public void Map(WebApplication app, Operation operation)
    {
        bool streams = operation.Replies.Any(reply => reply.ContentType == "text/event-stream");
        string[] methods = operation.Method == "GET" && !streams ? ["GET", "HEAD"] : [operation.Method];
        IEndpointConventionBuilder endpoint = app.MapMethods(operation.Path, methods, context => AnswerAsync(context, operation));
        if (operation.IsOpen)
        {
            endpoint.WithMetadata(new OpenEndpoint());
        }
    }

    private async Task AnswerAsync(HttpContext context, Operation operation)
    {
        Reply reply;
        try
        {
            reply = await operation.Handle(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            reply = Reply.Problem(exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is too large: allowed are {JsonBody.MaxBytes} bytes" : exception.Message);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // Nobody is there to be answered.
            return;
        }
        catch (InvalidRequestException refusal)
        {
            reply = Reply.Problem(StatusCodes.Status422UnprocessableEntity, refusal.Message);
        }
        catch (Exception exception) when (ServiceFailure.IsOfSystem(exception))
        {
            LogFailed(exception, operation.Id);
            reply = Reply.Problem(StatusCodes.Status503ServiceUnavailable, ServiceFailure.Explain(exception));
        }
        catch (Exception exception)
        {
            LogFailed(exception, operation.Id);
            reply = Reply.Problem(StatusCodes.Status500InternalServerError, ServiceFailure.Explain(exception));
        }

        await reply.WriteAsync(context).ConfigureAwait(false);
    }

    private static string Unrouted(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"nothing is at '{Excerpt.Of(context.Request.Path)}': /docs shows what is",
        StatusCodes.Status405MethodNotAllowed => $"'{Excerpt.Of(context.Request.Path)}' does not take {Excerpt.Of(context.Request.Method)}: it takes {context.Response.Headers.Allow}",
        _ => "the request cannot be answered: /docs shows those that can",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed")]
    private partial void LogFailed(Exception exception, string operation);

    private sealed class OpenEndpoint;
}
