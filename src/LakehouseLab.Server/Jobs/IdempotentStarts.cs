using System.Collections.Concurrent;
using System.Security.Cryptography;
using LakehouseLab.Server.Problems;
using LakehouseLab.Server.Requests;
using Microsoft.AspNetCore.Mvc;

namespace LakehouseLab.Server.Jobs;

/// <summary>The jobs that were started under an idempotency key: of several requests at once under one key, one starts its job. Thread-safe.</summary>
/// <param name="bodyHashOf">The hash of the body that started a job.</param>
internal sealed class IdempotentStarts<T>(Func<T, string?> bodyHashOf)
    where T : class
{
    private readonly ConcurrentDictionary<string, Task<T?>> _byKey = new(StringComparer.Ordinal);

    /// <summary>Starts a job under a key, or finds the one that was started under it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="start">Starts the job, given the hash of the body. What is not started leaves the key free.</param>
    public async Task<Started<T>> StartAsync(string key, ReadOnlyMemory<byte> body, Func<string, Task<Started<T>>> start)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        while (true)
        {
            TaskCompletionSource<T?> own = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<T?> first = _byKey.GetOrAdd(key, own.Task);
            if (first == own.Task)
            {
                return await StartFirstAsync(key, own, () => start(hash)).ConfigureAwait(false);
            }

            if (await first.ConfigureAwait(false) is { } job)
            {
                return bodyHashOf(job) == hash
                    ? new Started<T>(job, null)
                    : new Started<T>(null, Problem.Of(422, $"{IdempotencyKey.Name} '{Excerpt.Of(key)}' was used for another body: send that body, or another key"));
            }
        }
    }

    /// <summary>Adds a job that was read from the database.</summary>
    public void Restore(string key, T job) => _byKey[key] = Task.FromResult<T?>(job);

    /// <summary>Lets a key be used again.</summary>
    public void Forget(string key) => _byKey.TryRemove(key, out _);

    private async Task<Started<T>> StartFirstAsync(string key, TaskCompletionSource<T?> own, Func<Task<Started<T>>> start)
    {
        Started<T> started = default;
        try
        {
            started = await start().ConfigureAwait(false);
            return started;
        }
        finally
        {
            if (started.Job is null)
            {
                Forget(key);
            }

            own.SetResult(started.Job);
        }
    }
}

/// <summary>What came of a request to start a job.</summary>
/// <param name="Job">The job; null when none was started.</param>
/// <param name="Problem">Why none was; null when one was, and when the queue is full.</param>
internal readonly record struct Started<T>(T? Job, ProblemDetails? Problem)
    where T : class;
