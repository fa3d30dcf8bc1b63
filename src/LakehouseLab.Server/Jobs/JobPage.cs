using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Jobs;

/// <summary>Which page of jobs is asked for.</summary>
/// <param name="State">Jobs in a state; null for all.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Before">Those with smaller numbers.</param>
/// <param name="Problem">What is wrong with the request; null when nothing is.</param>
internal sealed record JobPage(JobState? State, int Limit, long Before, ProblemDetails? Problem) : IRequestPart
{
    private static readonly ChoiceField s_status = new("status", "Those in a state only.", [.. Enum.GetValues<JobState>().Select(state => state.ToString().ToLowerInvariant())]);
    private static readonly WholeNumberField s_limit = new("limit", "How many at most.", 1, 100) { Default = 20 };
    private static readonly WholeNumberField s_cursor = new("cursor", "The next page, as the page before names it.", 1, long.MaxValue);

    /// <summary>The parameters that say it.</summary>
    public static RequestDeclaration Declaration { get; } = new() { Query = [s_status, s_limit, s_cursor] };

    /// <summary>Whether a query asks for the page after another one.</summary>
    public bool IsFollowing => Before != long.MaxValue;

    /// <summary>Reads it from a request's query.</summary>
    public static ValueTask<JobPage> BindAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request.Query));

    /// <summary>Reads it from a query that has nothing else.</summary>
    public static JobPage Read(IQueryCollection query)
    {
        RequestReader reader = RequestReader.Of(query, Declaration.Query);
        JobState? state = reader.Read(s_status) is { } word ? Enum.Parse<JobState>(word, ignoreCase: true) : null;
        int limit = (int)(reader.ReadValue(s_limit) ?? 20);
        long before = reader.ReadValue(s_cursor) ?? long.MaxValue;
        return new JobPage(state, limit, before, reader.HasErrors ? reader.ToProblem() : null);
    }

    /// <summary>Splits what was found, up to one more than the page holds.</summary>
    /// <param name="found">Jobs from the newest on.</param>
    /// <param name="numberOf">A job's number.</param>
    /// <returns>The page's jobs, and the cursor of the next page; null when this is the last one.</returns>
    public (IEnumerable<T> Jobs, string? Next) Split<T>(IReadOnlyList<T> found, Func<T, long> numberOf) =>
        (found.Take(Limit), found.Count > Limit ? numberOf(found[Limit - 1]).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
}
