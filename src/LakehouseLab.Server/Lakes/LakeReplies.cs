using System.Globalization;
using LakehouseLab.Server.Http;
using LakehouseLab.Server.Jobs;
using Microsoft.AspNetCore.Http;

namespace LakehouseLab.Server.Lakes;

/// <summary>Answers that pipeline runs and audits share.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="kind">Their kind.</param>
/// <param name="path">Where they are.</param>
internal sealed class LakeReplies(LakeTasks tasks, string kind, string path)
{
    private const string RetryAfterSeconds = "30";

    private string Word => kind.Replace('_', ' ');

    /// <summary>Starts a task, and answers with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="settle">Reads what is asked for into a task, or says what is wrong with it.</param>
    /// <param name="show">Answers with the task's document.</param>
    public async Task<Reply> StartAsync(HttpContext context, Func<JsonBody, LakeTaskRecord, Task<(LakeTaskRecord? Record, Problem? Problem)>> settle, Func<int, LakeTaskRecord, Reply> show)
    {
        (string? key, Problem? problem) = IdempotencyKey.Read(context.Request);
        if (problem is not null)
        {
            return Reply.Problem(problem);
        }

        (JsonBody body, problem) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return Reply.Problem(problem);
        }

        (LakeTask? task, problem) = await tasks.StartAsync(kind, key, body.Bytes, record => settle(body, record)).ConfigureAwait(false);
        return problem is not null ? Reply.Problem(problem)
            : task is null ? Reply.Problem(429, $"too many runs and audits wait for their turn: try again in {RetryAfterSeconds} s").With("Retry-After", RetryAfterSeconds)
            : show(202, task.Record.AsAskedFor).With("Location", $"{path}/{task.Record.Id}");
    }

    /// <summary>Answers with a page of tasks.</summary>
    public Task<Reply> List(HttpContext context, Func<IReadOnlyList<LakeTask>, string?, Reply> show)
    {
        (JobPage page, Problem? problem) = JobPage.Read(context.Request.Query);
        if (problem is not null)
        {
            return Task.FromResult(Reply.Problem(problem));
        }

        IReadOnlyList<LakeTask> found = tasks.Page(kind, page.State, page.Before, page.Limit + 1);
        string? next = found.Count > page.Limit ? found[page.Limit - 1].Record.Number.ToString(CultureInfo.InvariantCulture) : null;
        return Task.FromResult(show([.. found.Take(page.Limit)], next));
    }

    /// <summary>Answers with the task that the path names.</summary>
    public Task<Reply> Show(HttpContext context, Func<LakeTask, Reply> show) => Task.FromResult(Find(context) is { } task ? show(task) : NotThere(context));

    /// <summary>Cancels the task that the path names.</summary>
    public async Task<Reply> CancelAsync(HttpContext context, Func<int, LakeTask, Reply> show) => Find(context) is not { } task ? NotThere(context)
        : await tasks.CancelAsync(task).ConfigureAwait(false) is { } problem ? Reply.Problem(problem)
        : show(task.Record.State.IsEnded() ? 200 : 202, task);

    private LakeTask? Find(HttpContext context) =>
        Guid.TryParseExact((string?)context.Request.RouteValues["id"], "D", out Guid id) ? tasks.Find(kind, id) : null;

    private Reply NotThere(HttpContext context) =>
        Reply.Problem(404, $"there is no {Word} '{Excerpt.Of((string?)context.Request.RouteValues["id"] ?? "")}': GET {path} lists those that there are");
}
