using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Requests;

/// <summary>What an operation reads of a request: the fields that validate it also document it.</summary>
internal sealed record RequestDeclaration
{
    /// <summary>The parameters in the path.</summary>
    public IReadOnlyList<RequestField> Path { get; init; } = [];

    /// <summary>The parameters of the query.</summary>
    public IReadOnlyList<RequestField> Query { get; init; } = [];

    /// <summary>The headers.</summary>
    public IReadOnlyList<RequestField> Headers { get; init; } = [];

    /// <summary>The fields of the body; null when none is read.</summary>
    public IReadOnlyList<RequestField>? Body { get; init; }

    /// <summary>Whether there must be a body.</summary>
    public bool BodyIsRequired { get; init; }

    /// <summary>Bodies to copy, by what they do.</summary>
    public IReadOnlyDictionary<string, JsonObject> BodyExamples { get; init; } = new Dictionary<string, JsonObject>();
}

/// <summary>A part of a request that is read before its operation runs, and may be wrong.</summary>
internal interface IRequestPart
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    ProblemDetails? Problem { get; }
}

/// <summary>Declares what operations read.</summary>
internal static class RequestDeclarations
{
    // A body can be malformed, come too slowly, be too large, or of another type.
    private static readonly int[] s_wrongBody = [StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    /// <summary>Declares what an operation reads, with the problems that reading it can have. It runs only when no part of the request is wrong.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder operation, RequestDeclaration declaration)
    {
        operation.WithMetadata(declaration).AddEndpointFilter(RefuseAsync);
        if (declaration.Body is not null)
        {
            Array.ForEach(s_wrongBody, status => operation.ProducesProblem(status));
        }

        return declaration.Body is null && declaration.Query.Count == 0 ? operation : operation.ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IRequestPart>().Select(part => part.Problem).FirstOrDefault(problem => problem is not null) is { } wrong
            ? ValueTask.FromResult<object?>(TypedResults.Problem(wrong))
            : next(context);
}
