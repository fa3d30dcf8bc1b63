using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace LakehouseLab.Server.Emulations;

/// <summary>Which emulations are to be listed.</summary>
/// <param name="Page">How many, and in which state.</param>
/// <param name="EndedAfter">The cursor of the end after which they ended; null for all, from the newest on.</param>
/// <param name="Problem">What is wrong with the request; null when nothing is.</param>
internal sealed record EmulationListing(JobPage Page, string? EndedAfter, ProblemDetails? Problem) : IRequestPart
{
    /// <summary>The parameter that asks for those that ended since.</summary>
    public static TextField EndedAfterField { get; } = new("ended_after", $"Those that ended since, in that order: ended_cursor of an earlier answer, or {EndOrder.Start} for all that are remembered.", 100, "a cursor", static _ => true);

    /// <summary>The parameters that say it.</summary>
    public static RequestDeclaration Declaration { get; } = new() { Query = [.. JobPage.Declaration.Query, EndedAfterField] };

    /// <summary>Reads it from a request's query.</summary>
    public static ValueTask<EmulationListing> BindAsync(HttpContext context)
    {
        // A cursor is judged as a whole by whoever gave it: a wrong one has one answer, whatever is wrong with it.
        Dictionary<string, StringValues> others = context.Request.Query.ToDictionary();
        string? cursor = others.Remove(EndedAfterField.Name, out StringValues given) ? given.ToString() : null;
        JobPage page = JobPage.Read(new QueryCollection(others));
        ProblemDetails? problem = page.Problem ?? (cursor is not null && page.IsFollowing
            ? Problems.Problem.Of("cursor and ended_after exclude each other: state one of them", new Dictionary<string, string[]> { ["cursor"] = ["and ended_after exclude each other: state one of them"] })
            : null);
        return ValueTask.FromResult(new EmulationListing(page, cursor, problem));
    }
}
