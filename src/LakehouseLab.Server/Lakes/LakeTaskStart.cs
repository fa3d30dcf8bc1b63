using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Lakes;

/// <summary>Answers requests that start pipeline runs and audits.</summary>
internal static class LakeTaskStart
{
    private const int RetryAfterSeconds = 30;

    /// <summary>Starts a task, and answers with it.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">The key under which the request may be repeated.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="response">The response.</param>
    /// <param name="settle">Adds what is asked for to a task, or says what is wrong with it.</param>
    /// <param name="show">Answers with a task.</param>
    public static async Task<IResult> AnswerAsync(
        this LakeTasks tasks, string kind, IdempotencyKey key, JsonBody body, HttpResponse response, Func<LakeTaskRecord, Task<(LakeTaskRecord? Record, ProblemDetails? Problem)>> settle, Func<LakeTaskRecord, IResult> show)
    {
        (LakeTask? task, ProblemDetails? problem) = await tasks.StartAsync(kind, key.Value, body.Bytes, settle).ConfigureAwait(false);
        return problem is not null ? TypedResults.Problem(problem)
            : task is null ? Problem.QueueIsFull(response, RetryAfterSeconds, $"too many runs and audits wait for their turn: try again in {RetryAfterSeconds} s")
            : show(task.Record.AsAskedFor);
    }
}
