using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>A server that speaks Spark Connect as a test says: it answers, fails, cuts off, is silent.</summary>
internal sealed class FakeSpark : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<Type, Func<IMessage, FakeCall, Task>> _answers = [];
    private readonly ConcurrentQueue<(IMessage Request, IHeaderDictionary Headers)> _received = [];

    private FakeSpark(WebApplication application) => _application = application;

    /// <summary>The name that it gives the session.</summary>
    public string ServerSideSessionId { get; set; } = "server-side";

    /// <summary>Where it is.</summary>
    public SparkConnectionString Connection => SparkConnectionString.Parse($"sc://127.0.0.1:{new Uri(_application.Urls.Single()).Port}/;user_id=tester");

    /// <summary>What it received, in order.</summary>
    public IReadOnlyList<IMessage> Received => [.. _received.Select(static call => call.Request)];

    /// <summary>The headers of the first request.</summary>
    public IHeaderDictionary Headers => _received.First().Headers;

    /// <summary>Starts a server that knows its version and answers what only wants an answer.</summary>
    public static async Task<FakeSpark> StartAsync(string version = "4.2.0")
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        FakeSpark spark = new(builder.Build());
        spark.On<AnalyzePlanRequest>((_, call) => call.SendAsync(new AnalyzePlanResponse
        {
            SparkVersion = new AnalyzePlanResponse.Types.SparkVersion { Version = version },
            ServerSideSessionId = spark.ServerSideSessionId,
        }));
        spark.On<InterruptRequest>(static (_, call) => call.SendAsync(new InterruptResponse()));
        spark.On<ReleaseExecuteRequest>(static (_, call) => call.SendAsync(new ReleaseExecuteResponse()));
        spark.On<ReleaseSessionRequest>(static (_, call) => call.SendAsync(new ReleaseSessionResponse()));
        spark._application.UseRouting();
        spark.Map("ExecutePlan", ExecutePlanRequest.Parser);
        spark.Map("ReattachExecute", ReattachExecuteRequest.Parser);
        spark.Map("ReleaseExecute", ReleaseExecuteRequest.Parser);
        spark.Map("Interrupt", InterruptRequest.Parser);
        spark.Map("AnalyzePlan", AnalyzePlanRequest.Parser);
        spark.Map("Config", ConfigRequest.Parser);
        spark.Map("AddArtifacts", AddArtifactsRequest.Parser);
        spark.Map("ReleaseSession", ReleaseSessionRequest.Parser);
        spark.Map("FetchErrorDetails", FetchErrorDetailsRequest.Parser);
        await spark._application.StartAsync(TestContext.Current.CancellationToken);
        return spark;
    }

    /// <summary>Says how requests of a kind are answered.</summary>
    public void On<TRequest>(Func<TRequest, FakeCall, Task> answer)
        where TRequest : IMessage => _answers[typeof(TRequest)] = (request, call) => answer((TRequest)request, call);

    /// <summary>What it received of a kind.</summary>
    public IReadOnlyList<TRequest> Of<TRequest>() => [.. Received.OfType<TRequest>()];

    /// <summary>Opens a session with it.</summary>
    public Task<SparkSession> OpenAsync(SparkSessionOptions? options = null) => SparkSession.OpenAsync(Connection, options, TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Calls that are held are cut off.
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private void Map<TRequest>(string method, MessageParser<TRequest> parser)
        where TRequest : IMessage<TRequest> => _application.MapPost($"/spark.connect.SparkConnectService/{method}", async (HttpContext context) =>
    {
        FakeCall call = new(context);
        // All messages of the request but the last are only noted.
        TRequest? request = default;
        await foreach (byte[] message in call.ReadAsync())
        {
            request = parser.ParseFrom(message);
            _received.Enqueue((request, context.Request.Headers));
        }

        await _answers[typeof(TRequest)](request!, call);
        call.End();
    });
}
