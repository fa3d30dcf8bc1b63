using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect;

/// <summary>A streaming query of a session, which runs on the server.</summary>
public sealed class SparkStreamingQuery
{
    private readonly Func<StreamingQueryCommand, CancellationToken, Task<StreamingQueryCommandResult?>> _ask;
    private readonly StreamingQueryInstanceId _id;

    internal SparkStreamingQuery(Func<StreamingQueryCommand, CancellationToken, Task<StreamingQueryCommandResult?>> ask, WriteStreamOperationStartResult started)
    {
        _ask = ask;
        _id = started.QueryId;
        Name = started.Name;
    }

    /// <summary>The query's id, which its checkpoint keeps from start to start.</summary>
    public string Id => _id.Id;

    /// <summary>The id of this start.</summary>
    public string RunId => _id.RunId;

    /// <summary>Its name; empty where it has none.</summary>
    public string Name { get; }

    /// <summary>What it does now.</summary>
    public async Task<SparkStreamStatus> StatusAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new StreamingQueryCommand { Status = true }, cancellationToken)).Status is { } status
            ? new SparkStreamStatus(status.StatusMessage, status.IsActive, status.IsTriggerActive, status.IsDataAvailable)
            : throw Unanswered();

    /// <summary>Spark's reports of its last batches, oldest first, each a JSON object: batchId, sources (each with numInputRows), durationMs …</summary>
    public async Task<IReadOnlyList<string>> RecentProgressAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new StreamingQueryCommand { RecentProgress = true }, cancellationToken)).RecentProgress?.RecentProgressJson.ToArray() ?? throw Unanswered();

    /// <summary>Spark's report of its last batch; null before the first.</summary>
    public async Task<string?> LastProgressAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new StreamingQueryCommand { LastProgress = true }, cancellationToken)).RecentProgress?.RecentProgressJson.LastOrDefault();

    /// <summary>Why it failed; null while it runs or when it ended well.</summary>
    public async Task<SparkStreamFailure?> FailureAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new StreamingQueryCommand { Exception = true }, cancellationToken)).Exception is { HasExceptionMessage: true } failure
            ? new SparkStreamFailure(failure.ExceptionMessage, failure.HasErrorClass ? failure.ErrorClass : null, failure.HasStackTrace ? failure.StackTrace : null)
            : null;

    /// <summary>Waits until all that its source had at the call is written.</summary>
    public Task ProcessAllAvailableAsync(CancellationToken cancellationToken = default) => _ask(Of(new StreamingQueryCommand { ProcessAllAvailable = true }), cancellationToken);

    /// <summary>Stops it; the batch that runs is given up and comes again with the next start.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _ask(Of(new StreamingQueryCommand { Stop = true }), cancellationToken);

    /// <summary>Waits for its end.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="SparkStatementException">It failed.</exception>
    public async Task<bool> AwaitTerminationAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        StreamingQueryCommand.Types.AwaitTerminationCommand wait = new() { TimeoutMs = (long)timeout.TotalMilliseconds };
        return (await AskAsync(new StreamingQueryCommand { AwaitTermination = wait }, cancellationToken)).AwaitTermination?.Terminated ?? throw Unanswered();
    }

    private async Task<StreamingQueryCommandResult> AskAsync(StreamingQueryCommand command, CancellationToken cancellationToken) => await _ask(Of(command), cancellationToken) ?? throw Unanswered();

    private StreamingQueryCommand Of(StreamingQueryCommand command)
    {
        command.QueryId = _id;
        return command;
    }

    private SparkProtocolException Unanswered() => new($"Spark did not answer about the streaming query {Id}: check that the server is Spark Connect 4.0 or newer.");
}
