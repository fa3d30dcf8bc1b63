using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.OpenApi;

/// <summary>An answer of an operation that is not a problem.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">When it is given, or what it is.</param>
internal sealed record DeclaredAnswer(int Status, string Description)
{
    /// <summary>What its Location header names; null when it has none.</summary>
    public string? Location { get; init; }

    /// <summary>The media type of a page that is given in its place to who asks for it; null when there is none.</summary>
    public string? Page { get; init; }
}

/// <summary>Declares the answers of operations.</summary>
internal static class DeclaredAnswers
{
    /// <summary>Declares an answer with a document.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="description">When it is given.</param>
    /// <param name="contentType">The document's media type.</param>
    /// <param name="location">See <see cref="DeclaredAnswer.Location"/>.</param>
    /// <param name="page">See <see cref="DeclaredAnswer.Page"/>.</param>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder operation, int status, string description, string contentType = "application/json", string? location = null, string? page = null) =>
        operation.Produces<T>(status, contentType).WithMetadata(new DeclaredAnswer(status, description) { Location = location, Page = page });

    /// <summary>Declares an answer with content of any form.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="description">What it is.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="others">Further media types that it can have.</param>
    public static RouteHandlerBuilder AnswersContent(this RouteHandlerBuilder operation, string description, string contentType, params string[] others) =>
        operation.Produces<object>(StatusCodes.Status200OK, contentType, others).WithMetadata(new DeclaredAnswer(StatusCodes.Status200OK, description));
}
