using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Connections;

/// <summary>The calls of one session: repeated while the connection fails, their failures told by what they mean.</summary>
internal sealed class ServerCalls(SparkConnectionString connection, SparkSessionOptions options) : IDisposable
{
    // For what is done on the way out: nobody waits longer for it.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private readonly SparkChannel _channel = new(connection, options);

    public SessionIdentity Session { get; } = new(connection.SessionId ?? NewId(), connection.UserId, connection.UserAgent ?? options.ClientType, connection.ToString());

    public SparkSessionOptions Options => options;

    public SparkConnectService.SparkConnectServiceClient Client => _channel.Client;

    /// <summary>A UUID of a session or of an operation.</summary>
    public static string NewId() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    public Outage NewOutage() => new(connection.ToString(), options.RetryFor, options.Time);

    public CallOptions CallOptions(CancellationToken cancellationToken) => new(_channel.Headers, cancellationToken: cancellationToken);

    public Task<ConfigResponse> ConfigAsync(ConfigRequest.Types.Operation operation, CancellationToken cancellationToken) =>
        CallAsync(Session.Sign(new ConfigRequest { Operation = operation }), Client.ConfigAsync, options.CallTimeout, options.RetryFor, cancellationToken);

    /// <summary>Analyses a plan: without a task, but a large one takes its time.</summary>
    public Task<AnalyzePlanResponse> AnalyzeAsync(AnalyzePlanRequest request, CancellationToken cancellationToken) =>
        CallAsync(Session.Sign(request), Client.AnalyzePlanAsync, options.RetryFor, options.RetryFor, cancellationToken);

    /// <summary>Asks for the server's version, which needs no task.</summary>
    /// <param name="retryFor">How long failures of the connection are retried.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string> VersionAsync(TimeSpan retryFor, CancellationToken cancellationToken)
    {
        AnalyzePlanRequest request = Session.Sign(new AnalyzePlanRequest { SparkVersion = new AnalyzePlanRequest.Types.SparkVersion() });
        AnalyzePlanResponse response = await CallAsync(request, Client.AnalyzePlanAsync, options.CallTimeout < retryFor ? options.CallTimeout : retryFor, retryFor, cancellationToken);
        return response.SparkVersion?.Version ?? "";
    }

    public Task<InterruptResponse> InterruptAsync(InterruptRequest request, CancellationToken cancellationToken) =>
        CallAsync(Session.Sign(request), Client.InterruptAsync, options.CallTimeout, options.RetryFor, cancellationToken);

    /// <summary>Interrupts and forgets a statement that nobody waits for any more, if the server answers.</summary>
    public async Task AbandonAsync(string operationId)
    {
        await TryAsync(new InterruptRequest { InterruptType = InterruptRequest.Types.InterruptType.OperationId, OperationId = operationId }, Client.InterruptAsync);
        await ReleaseAsync(operationId);
    }

    /// <summary>Lets the server forget a statement's answers, if it answers.</summary>
    public Task ReleaseAsync(string operationId) =>
        TryAsync(new ReleaseExecuteRequest { OperationId = operationId, ReleaseAll = new ReleaseExecuteRequest.Types.ReleaseAll() }, Client.ReleaseExecuteAsync);

    /// <summary>Lets the server forget the session, if it answers and the session was begun here.</summary>
    public Task ReleaseSessionAsync() => connection.SessionId is null ? TryAsync(new ReleaseSessionRequest(), Client.ReleaseSessionAsync) : Task.CompletedTask;

    /// <summary>What a failed call means; null: the connection failed, and the call may be repeated.</summary>
    public async Task<SparkException?> MeaningAsync(RpcException failure)
    {
        if (TransportFailure.Permanent(failure, connection.ToString()) is { } permanent)
        {
            return permanent;
        }

        ServerError? error = ServerError.Of(failure);
        if (error is null or { IsDisconnected: true })
        {
            return null;
        }

        if (error.IsSessionLost)
        {
            return Session.Lost(failure);
        }

        FetchErrorDetailsResponse? details = error.ErrorId is { } id ? await TryAsync(new FetchErrorDetailsRequest { ErrorId = id }, Client.FetchErrorDetailsAsync) : null;
        IReadOnlyList<SparkCause> causes = details is null ? [] : CauseChain.Of(details);
        return new SparkStatementException(causes.Count > 0 ? causes : [error.Cause], failure);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        TRequest request, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TimeSpan timeout, TimeSpan retryFor, CancellationToken cancellationToken)
        where TResponse : IMessage
    {
        Outage outage = new(connection.ToString(), retryFor, options.Time);
        while (true)
        {
            using CancellationTokenSource clock = new(timeout, options.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
            RpcException failure;
            try
            {
                using AsyncUnaryCall<TResponse> running = call(request, CallOptions(either.Token));
                TResponse response = await running;
                Session.Observe(response);
                return response;
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (RpcException exception)
            {
                failure = clock.IsCancellationRequested ? Silence(timeout) : exception;
            }

            if (await MeaningAsync(failure) is { } meaning)
            {
                throw meaning;
            }

            await outage.PauseAsync(failure, cancellationToken);
        }
    }

    // One attempt, whose failure is of no interest: what is asked is kind to the server or to the reader, not necessary.
    private async Task<TResponse?> TryAsync<TRequest, TResponse>(TRequest request, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call)
        where TRequest : IMessage
        where TResponse : class
    {
        using CancellationTokenSource clock = new(s_farewell, options.Time);
        try
        {
            using AsyncUnaryCall<TResponse> running = call(Session.Sign(request), CallOptions(clock.Token));
            return await running;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static RpcException Silence(TimeSpan timeout) =>
        new(new Grpc.Core.Status(StatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"it did not answer within {timeout.TotalSeconds:0.#} s")));
}
