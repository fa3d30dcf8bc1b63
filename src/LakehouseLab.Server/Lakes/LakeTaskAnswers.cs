using LakehouseLab.Server.Docs;
using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;

namespace LakehouseLab.Server.Lakes;

/// <summary>What the service answers about tasks of one kind, which differ only in their document.</summary>
/// <typeparam name="TView">The document of a task.</typeparam>
/// <param name="path">The path of the tasks.</param>
/// <param name="kind">The kind of their records.</param>
/// <param name="noun">What people call one.</param>
/// <param name="view">Makes the document of a task and its progress, which is null when it does not work.</param>
internal sealed class LakeTaskAnswers<TView>(string path, string kind, string noun, Func<LakeTaskRecord, LakeTaskProgress?, TView> view)
{
    /// <summary>A task that will run.</summary>
    public IResult Accept(LakeTaskRecord record) => TypedResults.Accepted($"{path}/{record.Id}", view(record, null));

    /// <summary>A page of tasks.</summary>
    public (IReadOnlyList<TView> Views, string? Next) List(JobPage page, LakeTasks tasks)
    {
        (IEnumerable<LakeTask> found, string? next) = tasks.Page(kind, page);
        return ([.. found.Select(ViewOf)], next);
    }

    /// <summary>One task.</summary>
    public IResult Show(string id, LakeTasks tasks) =>
        tasks.Find(kind, id) is { } task ? new DocumentPage<TView>($"{noun} {task.Record.Id}", ViewOf(task), !task.Record.State.IsEnded()) : NotThere(id);

    /// <summary>One task, until it ends.</summary>
    public IResult Watch(string id, LakeTasks tasks, TimeProvider clock, IHostApplicationLifetime lifetime) =>
        tasks.Find(kind, id) is { } task ? task.Watch(view, clock, lifetime.ApplicationStopping) : NotThere(id);

    /// <summary>A task that is cancelled, or will be.</summary>
    public async Task<IResult> CancelAsync(string id, LakeTasks tasks) =>
        tasks.Find(kind, id) is not { } task ? NotThere(id)
        : await tasks.CancelAsync(task).ConfigureAwait(false) is { } problem ? TypedResults.Problem(problem)
        : task.Record.State.IsEnded() ? TypedResults.Ok(ViewOf(task))
        : TypedResults.Accepted((string?)null, ViewOf(task));

    private TView ViewOf(LakeTask task) => view(task.Record, task.Progress);

    private ProblemHttpResult NotThere(string id) =>
        TypedResults.Problem(Problem.Of(404, $"there is no {noun} '{Excerpt.Of(id)}': GET {path} lists those that there are"));
}
