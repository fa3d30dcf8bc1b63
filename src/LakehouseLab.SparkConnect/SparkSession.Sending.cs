using LakehouseLab.SparkConnect.Artifacts;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect;

/// <content>What stays on the server for the session: files for its executors, streaming queries.</content>
public sealed partial class SparkSession
{
    /// <summary>Sends a file to the session; executors find it as <c>./SERVER_SIDE_SESSION_ID/NAME</c>, executable. A name is given once in a session.</summary>
    /// <param name="name">Its name, without folders.</param>
    /// <param name="content">The file; it can be read from any position.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task AddArtifactAsync(string name, Stream content, CancellationToken cancellationToken = default) => !content.CanSeek
        ? throw new ArgumentException("expected a stream that can be read again: copy it into a file first", nameof(content))
        : name.Length == 0 || name.AsSpan().ContainsAny('/', '\\') || name is "." or ".."
            ? throw new ArgumentException($"'{name}' is not the name of a file: expected one without folders", nameof(name))
            : new ArtifactUpload(_calls, name, content).RunAsync(cancellationToken);

    /// <summary>Starts a query that runs on the server, batch after batch, until it is stopped, fails or the session ends.</summary>
    /// <param name="input">Rows of a streaming source.</param>
    /// <param name="write">Where they go.</param>
    /// <param name="cancellationToken">Ends the wait for the start.</param>
    public async Task<SparkStreamingQuery> StartStreamAsync(SparkRelation input, SparkStreamWrite write, CancellationToken cancellationToken = default)
    {
        ExecutePlanResponse? answer = await CommandAsync(write.Command(input), static answer => answer.WriteStreamOperationStartResult is not null, null, cancellationToken);
        return answer?.WriteStreamOperationStartResult is { } started
            ? new SparkStreamingQuery(AskAsync, started)
            : throw new Failures.SparkProtocolException($"{Connection} did not say which streaming query it started: check that the server is Spark Connect 4.0 or newer.");
    }

    private async Task<StreamingQueryCommandResult?> AskAsync(StreamingQueryCommand command, CancellationToken cancellationToken) => (await CommandAsync(
        new Command { StreamingQueryCommand = command }, static answer => answer.StreamingQueryCommandResult is not null, null, cancellationToken))?.StreamingQueryCommandResult;
}
