using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Executions;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;
using Plan = LakehouseLab.SparkConnect.Wire.Plan;

namespace LakehouseLab.SparkConnect;

/// <summary>
/// A session of a Spark Connect server: settings, temporary views and artifacts that statements share. Statements may run side by side; all members may be called
/// from several threads. A statement that nobody waits for any more, because its token was cancelled or its deadline passed, is interrupted on the server.
/// </summary>
public sealed partial class SparkSession : IAsyncDisposable
{
    // What this client relies on (progress, observed sessions) came with it.
    private const int OldestVersion = 4;

    private readonly ServerCalls _calls;

    private SparkSession(ServerCalls calls, SparkConnectionString connection, string serverVersion)
    {
        _calls = calls;
        Connection = connection;
        ServerVersion = serverVersion;
    }

    /// <summary>Where the server is.</summary>
    public SparkConnectionString Connection { get; }

    /// <summary>The server's version, such as <c>4.2.0</c>.</summary>
    public string ServerVersion { get; }

    /// <summary>The session's id, which the client chose.</summary>
    public string SessionId => _calls.Session.SessionId;

    /// <summary>The server's id of the session. Executors find artifacts in the folder of this name, in the folder where they run.</summary>
    public string ServerSideSessionId => _calls.Session.Observed;

    /// <summary>Opens a session.</summary>
    /// <param name="connection">Where the server is.</param>
    /// <param name="options">How the session behaves; null: as the defaults say.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SparkException">The server cannot be reached, refuses the client or is too old.</exception>
    public static async Task<SparkSession> OpenAsync(SparkConnectionString connection, SparkSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        options ??= new SparkSessionOptions();
        ServerCalls calls = new(connection, options);
        try
        {
            string version = await calls.VersionAsync(options.OpenFor, cancellationToken);
            return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major >= OldestVersion
                ? new SparkSession(calls, connection, version)
                : throw new SparkProtocolException($"{connection} runs Spark {(version.Length > 0 ? version : "of an unknown version")}: this client needs Spark {OldestVersion}.0 or newer.");
        }
        catch
        {
            calls.Dispose();
            throw;
        }
    }

    /// <summary>Asks whether the server answers; needs no task.</summary>
    public Task PingAsync(CancellationToken cancellationToken = default) => _calls.VersionAsync(_calls.Options.RetryFor, cancellationToken);

    /// <summary>Sets settings of the session.</summary>
    /// <param name="settings">Names and values.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task SetConfigAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default)
    {
        ConfigRequest.Types.Set set = new();
        set.Pairs.Add(settings.Select(static setting => new KeyValue { Key = setting.Key, Value = setting.Value }));
        return _calls.ConfigAsync(new ConfigRequest.Types.Operation { Set = set }, cancellationToken);
    }

    /// <summary>Reads a setting of the session.</summary>
    /// <returns>The value; null where it is not set and has no default.</returns>
    public async Task<string?> GetConfigAsync(string name, CancellationToken cancellationToken = default)
    {
        ConfigResponse response = await _calls.ConfigAsync(new ConfigRequest.Types.Operation { GetOption = new ConfigRequest.Types.GetOption { Keys = { name } } }, cancellationToken);
        return response.Pairs.FirstOrDefault(static pair => pair.HasValue)?.Value;
    }

    /// <summary>Runs a SELECT and reads all its rows. They are given only once the statement is complete: rows may come before a task that fails.</summary>
    public async Task<SparkResult> QueryAsync(SparkRelation relation, SparkStatementOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArrowAnswers rows = new();
        List<RecordBatch> batches = [];
        await foreach (ExecutePlanResponse answer in Execution.RunAsync(_calls, new Plan { Root = relation.Wire }, options, cancellationToken))
        {
            if (answer.ArrowBatch is { } batch)
            {
                batches.AddRange(rows.Take(batch));
            }
        }

        return new SparkResult(rows.Schema ?? new Schema([], null), batches);
    }

    /// <summary>Runs a SELECT and gives its rows as they come, however many; the statement may still fail after some. Leaving the loop interrupts it.</summary>
    public async IAsyncEnumerable<RecordBatch> StreamAsync(SparkRelation relation, SparkStatementOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArrowAnswers rows = new();
        await foreach (ExecutePlanResponse answer in Execution.RunAsync(_calls, new Plan { Root = relation.Wire }, options, cancellationToken))
        {
            foreach (RecordBatch batch in answer.ArrowBatch is { } found ? rows.Take(found) : [])
            {
                yield return batch;
            }
        }
    }

    /// <summary>Runs one statement of any kind to its end: CREATE, INSERT, MERGE, DELETE, CACHE, SET …</summary>
    /// <returns>Its answer: the counts of a MERGE, the rows of a DESCRIBE, nothing for a CREATE.</returns>
    public async Task<SparkResult> ExecuteAsync(string sql, SparkStatementOptions? options = null, CancellationToken cancellationToken = default)
    {
        Command command = new() { SqlCommand = new SqlCommand { Input = SparkRelation.Sql(sql).Wire } };
        ExecutePlanResponse? answer = await CommandAsync(command, static answer => answer.SqlCommandResult is not null, options, cancellationToken);
        switch (answer?.SqlCommandResult.Relation)
        {
            case null:
                return new SparkResult(new Schema([], null), []);
            case { LocalRelation: { } local }:
                ArrowAnswers rows = new();
                IReadOnlyList<RecordBatch> batches = local.Data.IsEmpty ? [] : rows.Read(local.Data.Memory);
                return new SparkResult(rows.Schema ?? new Schema([], null), batches);
            case { } relation:
                return await QueryAsync(SparkRelation.Of(relation), options, cancellationToken);
        }
    }

    /// <summary>Writes rows to a path or a table.</summary>
    public Task WriteAsync(SparkRelation input, SparkWrite write, SparkStatementOptions? options = null, CancellationToken cancellationToken = default) =>
        CommandAsync(write.Command(input), static _ => false, options, cancellationToken);

    /// <summary>Gives a relation a name for the session, in place of the view that has it.</summary>
    public Task CreateViewAsync(string name, SparkRelation relation, CancellationToken cancellationToken = default) => CommandAsync(
        new Command { CreateDataframeView = new CreateDataFrameViewCommand { Input = relation.Wire, Name = name, Replace = true } }, static _ => false, null, cancellationToken);

    /// <summary>The columns of a relation, without running it.</summary>
    public async Task<IReadOnlyList<SparkColumn>> DescribeAsync(SparkRelation relation, CancellationToken cancellationToken = default)
    {
        AnalyzePlanRequest request = new() { Schema = new AnalyzePlanRequest.Types.Schema { Plan = new Plan { Root = relation.Wire } } };
        return SparkColumn.Of((await _calls.AnalyzeAsync(request, cancellationToken)).Schema?.Schema_);
    }

    /// <summary>How Spark would run a relation, without running it.</summary>
    public async Task<string> ExplainAsync(SparkRelation relation, SparkExplainMode mode = SparkExplainMode.Simple, CancellationToken cancellationToken = default)
    {
        AnalyzePlanRequest request = new()
        {
            Explain = new AnalyzePlanRequest.Types.Explain { Plan = new Plan { Root = relation.Wire }, ExplainMode = (AnalyzePlanRequest.Types.Explain.Types.ExplainMode)mode },
        };
        return (await _calls.AnalyzeAsync(request, cancellationToken)).Explain?.ExplainString ?? "";
    }

    /// <summary>Interrupts all statements of the session.</summary>
    public Task InterruptAllAsync(CancellationToken cancellationToken = default) =>
        _calls.InterruptAsync(new InterruptRequest { InterruptType = InterruptRequest.Types.InterruptType.All }, cancellationToken);

    /// <summary>Interrupts the statements that have a tag.</summary>
    public Task InterruptTagAsync(string tag, CancellationToken cancellationToken = default) =>
        _calls.InterruptAsync(new InterruptRequest { InterruptType = InterruptRequest.Types.InterruptType.Tag, OperationTag = tag }, cancellationToken);

    /// <summary>Releases the session on the server, which ends its statements and streaming queries, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _calls.ReleaseSessionAsync();
        _calls.Dispose();
    }

    // The answer that is wanted, once the command is complete.
    private async Task<ExecutePlanResponse?> CommandAsync(Command command, Func<ExecutePlanResponse, bool> wanted, SparkStatementOptions? options, CancellationToken cancellationToken)
    {
        ExecutePlanResponse? found = null;
        await foreach (ExecutePlanResponse answer in Execution.RunAsync(_calls, new Plan { Command = command }, options, cancellationToken))
        {
            found = wanted(answer) ? answer : found;
        }

        return found;
    }
}
