using Grpc.Core;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Executions;

/// <summary>
/// The answers of one execution, in order, each once. The server ends its call from time to time although the statement runs on, and connections fail:
/// the answers are then read on after the last one that arrived.
/// </summary>
/// <param name="calls">The session's calls.</param>
/// <param name="request">The execution.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class AnswerStream(ServerCalls calls, ExecutePlanRequest request, CancellationToken cancellationToken) : IDisposable
{
    private readonly Outage _outage = calls.NewOutage();
    private Attachment? _attachment;
    private string? _lastResponse;
    private bool _complete;

    /// <summary>Waits for the next answer.</summary>
    /// <returns>The answer; null after the one that says that the result is complete.</returns>
    public async Task<ExecutePlanResponse?> NextAsync()
    {
        while (!_complete)
        {
            RpcException failure;
            _attachment ??= new Attachment(calls, Attach, cancellationToken);
            try
            {
                if (await _attachment.NextAsync() is { } answer)
                {
                    return Take(answer);
                }

                if (!_attachment.IsBrief)
                {
                    Detach();
                    continue;
                }

                failure = new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "it ended the answers of a statement at once"));
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (RpcException exception)
            {
                failure = exception;
            }

            await RecoverAsync(failure);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Detach();

    // Before the first answer it is not known whether the request arrived: repeated with the same operation it attaches to what runs, or begins.
    private AsyncServerStreamingCall<ExecutePlanResponse> Attach(CallOptions call) => _lastResponse is null
        ? calls.Client.ExecutePlan(request, call)
        : calls.Client.ReattachExecute(calls.Session.Sign(new ReattachExecuteRequest { OperationId = request.OperationId, LastResponseId = _lastResponse }), call);

    private ExecutePlanResponse Take(ExecutePlanResponse answer)
    {
        calls.Session.Observe(answer);
        _outage.End();
        _lastResponse = answer.ResponseId is { Length: > 0 } id ? id : _lastResponse;
        _complete = answer.ResultComplete is not null;
        return answer;
    }

    private async Task RecoverAsync(RpcException failure)
    {
        bool silent = _attachment!.IsSilent;
        Detach();
        if (silent)
        {
            // A server that answers this is only slow with the statement.
            await calls.VersionAsync(calls.Options.RetryFor, cancellationToken);
            return;
        }

        if (await calls.MeaningAsync(failure) is { } meaning)
        {
            throw meaning;
        }

        await _outage.PauseAsync(failure, cancellationToken);
    }

    private void Detach()
    {
        _attachment?.Dispose();
        _attachment = null;
    }
}
