using Grpc.Core;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Executions;

/// <summary>One call that reads an execution's answers, for as long as they come.</summary>
internal sealed class Attachment : IDisposable
{
    // An end before that, without an answer, is not the server's turn of the stream, which comes after minutes.
    private static readonly TimeSpan s_briefest = TimeSpan.FromSeconds(1);

    private readonly SparkSessionOptions _options;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _end;
    private readonly AsyncServerStreamingCall<ExecutePlanResponse> _call;
    private readonly long _begun;
    private bool _answered;

    public Attachment(ServerCalls calls, Func<CallOptions, AsyncServerStreamingCall<ExecutePlanResponse>> call, CancellationToken cancellationToken)
    {
        _options = calls.Options;
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _options.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, cancellationToken);
        _begun = _options.Time.GetTimestamp();
        _call = call(calls.CallOptions(_end.Token));
    }

    /// <summary>Whether it was given up because nothing came: the server tells of a running statement every two seconds.</summary>
    public bool IsSilent => _silence.IsCancellationRequested;

    /// <summary>Whether it has ended at once and without an answer.</summary>
    public bool IsBrief => !_answered && _options.Time.GetElapsedTime(_begun) < s_briefest;

    /// <summary>Waits for the next answer.</summary>
    /// <returns>The answer; null at the end of the call.</returns>
    public async Task<ExecutePlanResponse?> NextAsync()
    {
        // A reader may take its time over an answer: only waiting counts.
        _silence.CancelAfter(_options.CallTimeout);
        bool found = await _call.ResponseStream.MoveNext(CancellationToken.None);
        _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        _answered |= found;
        return found ? _call.ResponseStream.Current : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _call.Dispose();
        _end.Dispose();
        _silence.Dispose();
    }
}
