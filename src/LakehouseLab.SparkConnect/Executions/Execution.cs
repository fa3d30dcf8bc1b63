using System.Globalization;
using System.Runtime.CompilerServices;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Executions;

/// <summary>Runs plans: whatever ends the waiting for one early also interrupts it on the server.</summary>
internal static class Execution
{
    // Large batches come in pieces of this size, so that no message is near the limit.
    private const int ChunkSize = 4 * 1024 * 1024;

    /// <summary>Runs a plan; after the last answer it is complete.</summary>
    public static async IAsyncEnumerable<ExecutePlanResponse> RunAsync(ServerCalls calls, Plan plan, SparkStatementOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan deadline = options?.Deadline ?? calls.Options.Deadline ?? Timeout.InfiniteTimeSpan;
        using CancellationTokenSource clock = new(deadline, calls.Options.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        ExecutePlanRequest request = Request(calls.Session, plan, options?.Tags ?? []);
        using AnswerStream answers = new(calls, request, either.Token);
        Func<string, Task> leave = calls.AbandonAsync;
        try
        {
            while (true)
            {
                ExecutePlanResponse? answer;
                try
                {
                    answer = await answers.NextAsync();
                }
                catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    throw new SparkDeadlineException(string.Create(CultureInfo.InvariantCulture, $"a statement took longer than {deadline.TotalSeconds:0.#} s and was given up: allow it more time, or check what holds it up, such as storage that does not answer or no free task slots."));
                }
                catch (SparkException exception) when (exception is not SparkProtocolException)
                {
                    // Spark itself ended it, or cannot be told.
                    leave = exception is SparkStatementException ? calls.ReleaseAsync : static _ => Task.CompletedTask;
                    throw;
                }

                if (answer is null)
                {
                    leave = calls.ReleaseAsync;
                    yield break;
                }

                if (answer.ExecutionProgress is { } progress)
                {
                    options?.Progress?.Report(SparkProgress.Of(progress));
                }

                yield return answer;
            }
        }
        finally
        {
            answers.Dispose();
            await leave(request.OperationId);
        }
    }

    private static ExecutePlanRequest Request(SessionIdentity session, Plan plan, IReadOnlyList<string> tags)
    {
        ExecutePlanRequest request = session.Sign(new ExecutePlanRequest { Plan = plan, OperationId = ServerCalls.NewId() });
        request.Tags.Add(tags);
        request.RequestOptions.Add(new ExecutePlanRequest.Types.RequestOption { ReattachOptions = new ReattachOptions { Reattachable = true } });
        request.RequestOptions.Add(new ExecutePlanRequest.Types.RequestOption
        {
            ResultChunkingOptions = new ResultChunkingOptions { AllowArrowBatchChunking = true, PreferredArrowChunkSize = ChunkSize },
        });
        return request;
    }
}
