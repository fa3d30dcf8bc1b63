using LakehouseLab.Server.Fields;
using LakehouseLab.Server.Http;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Jobs;

/// <summary>Which page of jobs is asked for.</summary>
/// <param name="State">Jobs in a state; null for all.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Before">Those with smaller numbers.</param>
internal readonly record struct JobPage(JobState? State, int Limit, long Before)
{
    private static readonly ChoiceField s_status = new("status", "Those in a state only.", [.. Enum.GetValues<JobState>().Select(state => state.ToString().ToLowerInvariant())]);
    private static readonly WholeNumberField s_limit = new("limit", "How many at most.", 1, 100) { Default = 20 };
    private static readonly WholeNumberField s_cursor = new("cursor", "The next page, as the page before names it.", 1, long.MaxValue);

    /// <summary>The parameters that say it.</summary>
    public static IReadOnlyList<RequestField> Fields { get; } = [s_status, s_limit, s_cursor];

    /// <summary>Reads it.</summary>
    public static (JobPage Page, Problem? Problem) Read(IQueryCollection query)
    {
        RequestReader reader = RequestReader.Of(query, Fields);
        JobPage page = new(
            reader.Read(s_status) is { } state ? Enum.Parse<JobState>(state, ignoreCase: true) : null,
            (int)(reader.ReadValue(s_limit) ?? 20),
            reader.ReadValue(s_cursor) ?? long.MaxValue);
        return (page, reader.HasErrors ? reader.ToProblem() : null);
    }
}
