using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>Sessions with servers that are absent, silent, of another version, restarted, or behind a proxy that refuses.</summary>
public sealed class SessionTests
{
    private static readonly SparkSessionOptions s_impatient = new() { OpenFor = TimeSpan.FromMilliseconds(200), CallTimeout = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3.5.3", "runs Spark 3.5.3: this client needs Spark 4.0 or newer")]
    [InlineData("", "runs Spark of an unknown version")]
    public async Task OpenAsync_AnotherVersion_IsNamed(string version, string message)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync(version);
        SparkProtocolException exception = await Assert.ThrowsAsync<SparkProtocolException>(() => spark.OpenAsync());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_Version40_Opens()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync("4.0.0");
        await using SparkSession session = await spark.OpenAsync();
        Assert.Equal(("4.0.0", "server-side"), (session.ServerVersion, session.ServerSideSessionId));
    }

    [Fact]
    public async Task OpenAsync_NobodyListens_SaysWhichServerAndWhy()
    {
        using Socket taken = new(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SparkConnectionString nobody = SparkConnectionString.Parse($"sc://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}");
        SparkConnectionException exception = await Assert.ThrowsAsync<SparkConnectionException>(() => SparkSession.OpenAsync(nobody, new SparkSessionOptions { OpenFor = TimeSpan.FromSeconds(2) }, Cancellation));
        Assert.Contains($"{nobody} cannot be reached (Connection refused", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ASilentServer_IsGivenUp()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<AnalyzePlanRequest>(static (_, call) => call.HangAsync());
        SparkConnectionException exception = await Assert.ThrowsAsync<SparkConnectionException>(() => spark.OpenAsync(s_impatient));
        Assert.Contains("it did not answer within 0.1 s", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "refused the client", typeof(SparkAccessException))]
    [InlineData(403, "does not permit this", typeof(SparkAccessException))]
    [InlineData(404, "not as Spark Connect", typeof(SparkProtocolException))]
    [InlineData(413, "client_max_body_size", typeof(SparkProtocolException))]
    public async Task OpenAsync_AProxyThatRefuses_IsNotAskedAgain(int status, string message, Type expected)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<AnalyzePlanRequest>((_, call) =>
        {
            call.Refuse(status);
            return Task.CompletedTask;
        });
        Exception exception = await Assert.ThrowsAsync(expected, () => spark.OpenAsync());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Single(spark.Received);
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task OpenAsync_AccessRefusedBySpark_IsNotAskedAgain(StatusCode code)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<AnalyzePlanRequest>((_, call) =>
        {
            call.Fail(code, "token expired", ("errorClass", "X"));
            return Task.CompletedTask;
        });
        SparkAccessException exception = await Assert.ThrowsAsync<SparkAccessException>(() => spark.OpenAsync());
        Assert.Contains("token expired", exception.Message, StringComparison.Ordinal);
        Assert.Single(spark.Received);
    }

    [Fact]
    public async Task OpenAsync_TokenAndHeaders_GoWithEachCall()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        SparkConnectionString connection = SparkConnectionString.Parse($"{spark.Connection}/;token=se%3Dcret;x-cluster-id=c7;user_id=ann;use_ssl=false");
        await using SparkSession session = await SparkSession.OpenAsync(connection, cancellationToken: Cancellation);
        Assert.Equal(("Bearer se=cret", "c7"), (spark.Headers.Authorization.ToString(), spark.Headers["x-cluster-id"].ToString()));
        Assert.Equal(("ann", session.SessionId), (spark.Of<AnalyzePlanRequest>()[0].UserContext.UserId, spark.Of<AnalyzePlanRequest>()[0].SessionId));
    }

    [Fact]
    public async Task Calls_AfterTheFirstAnswer_NameTheSessionAsTheServerDoes()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static (_, call) => call.SendAsync(FakeRows.Complete()));
        await using (SparkSession session = await spark.OpenAsync())
        {
            await session.QueryAsync("SELECT", cancellationToken: Cancellation);
        }

        Assert.False(spark.Of<AnalyzePlanRequest>()[0].HasClientObservedServerSideSessionId);
        Assert.Equal("server-side", spark.Of<ExecutePlanRequest>()[0].ClientObservedServerSideSessionId);
        Assert.Equal("server-side", spark.Of<ReleaseExecuteRequest>()[0].ClientObservedServerSideSessionId);
        Assert.Single(spark.Of<ReleaseSessionRequest>());
    }

    [Theory]
    [InlineData("INVALID_HANDLE.SESSION_CHANGED")]
    [InlineData("INVALID_HANDLE.SESSION_CLOSED")]
    [InlineData("INVALID_HANDLE.SESSION_NOT_FOUND")]
    public async Task QueryAsync_ARestartedServer_LostTheSession(string errorClass)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>((_, call) =>
        {
            call.Fail(StatusCode.Internal, "no such session", ("errorClass", errorClass));
            return Task.CompletedTask;
        });
        await using SparkSession session = await spark.OpenAsync();
        SparkSessionLostException exception = await Assert.ThrowsAsync<SparkSessionLostException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));
        Assert.Contains("run the same again in a new session", exception.Message, StringComparison.Ordinal);
        Assert.Single(spark.Of<ExecutePlanRequest>());
    }

    [Fact]
    public async Task PingAsync_AnotherSessionOfTheSameName_IsALostOne()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        await using SparkSession session = await spark.OpenAsync();
        spark.ServerSideSessionId = "another";
        await Assert.ThrowsAsync<SparkSessionLostException>(() => session.PingAsync(Cancellation));
    }

    [Fact]
    public async Task DisposeAsync_ASessionThatWasGiven_IsKept()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        const string Given = "8d8d7e06-5a2d-4f0c-9a58-5a37a2a1f6cd";
        await using (SparkSession session = await SparkSession.OpenAsync(SparkConnectionString.Parse($"{spark.Connection}/;session_id={Given}"), cancellationToken: Cancellation))
        {
            Assert.Equal(Given, session.SessionId);
        }

        Assert.Empty(spark.Of<ReleaseSessionRequest>());
    }

    [Fact]
    public async Task QueryAsync_AnErrorWithDetails_HasItsCauses()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static (_, call) =>
        {
            call.Fail(StatusCode.Internal, "cut …", ("errorId", "e1"), ("errorClass", "TASK_WRITE_FAILED"));
            return Task.CompletedTask;
        });
        spark.On<FetchErrorDetailsRequest>(static (request, call) =>
        {
            FetchErrorDetailsResponse.Types.SparkThrowable thrown = new() { ErrorClass = "DIVIDE_BY_ZERO", SqlState = "22012" };
            thrown.QueryContexts.Add(new FetchErrorDetailsResponse.Types.QueryContext { Fragment = "1 / 0" });
            FetchErrorDetailsResponse details = new() { RootErrorIdx = 1 };
            details.Errors.Add(new FetchErrorDetailsResponse.Types.Error { Message = "division by zero", ErrorTypeHierarchy = { "SparkArithmeticException" }, SparkThrowable = thrown, CauseIdx = 1 });
            details.Errors.Add(new FetchErrorDetailsResponse.Types.Error
            {
                Message = "task failed",
                CauseIdx = 0,
                SparkThrowable = new FetchErrorDetailsResponse.Types.SparkThrowable { ErrorClass = "TASK_WRITE_FAILED" },
            });
            Assert.Equal("e1", request.ErrorId);
            return call.SendAsync(details);
        });
        await using SparkSession session = await spark.OpenAsync();
        SparkStatementException exception = await Assert.ThrowsAsync<SparkStatementException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));

        // The chain leads back to its beginning, and ends there.
        Assert.Equal([new SparkCause("", "task failed", "TASK_WRITE_FAILED"), new SparkCause("SparkArithmeticException", "division by zero", "DIVIDE_BY_ZERO", "22012", "1 / 0")], exception.Causes);
        Assert.Equal("task failed (cause: division by zero)", exception.Message);
    }

    [Fact]
    public async Task QueryAsync_AnAnswerOverTheLimit_SaysWhichLimit()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static (_, call) => call.SendAsync(FakeRows.Rows(0, 1_000)));
        await using SparkSession session = await SparkSession.OpenAsync(SparkConnectionString.Parse($"{spark.Connection}/;grpc_max_message_size=4000"), cancellationToken: Cancellation);
        SparkProtocolException exception = await Assert.ThrowsAsync<SparkProtocolException>(() => session.QueryAsync("SELECT", cancellationToken: Cancellation));
        Assert.Contains("grpc_max_message_size", exception.Message, StringComparison.Ordinal);
        Assert.Single(spark.Of<InterruptRequest>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32 * 1024)]
    [InlineData((64 * 1024) + 1)]
    public async Task AddArtifactAsync_AnySize_ArrivesInCheckedChunks(int size)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        int damaged = 1;
        spark.On<AddArtifactsRequest>(async (_, call) =>
        {
            AddArtifactsResponse response = new();
            response.Artifacts.Add(new AddArtifactsResponse.Types.ArtifactSummary { Name = "files/tool", IsCrcSuccessful = damaged-- <= 0 });
            await call.SendAsync(response);
        });
        byte[] content = [.. Enumerable.Range(0, size).Select(static value => (byte)(value % 251))];
        await using SparkSession session = await spark.OpenAsync();
        await session.AddArtifactAsync("tool", new MemoryStream(content), Cancellation);

        IReadOnlyList<AddArtifactsRequest> all = spark.Of<AddArtifactsRequest>();
        AddArtifactsRequest[] sent = [.. all.Skip(all.Count / 2)];
        AddArtifactsRequest.Types.ArtifactChunk[] chunks = [.. sent.Select(static request => request.Batch?.Artifacts.Single().Data ?? request.BeginChunk?.InitialChunk ?? request.Chunk)];
        Assert.Equal("files/tool", sent[0].Batch?.Artifacts.Single().Name ?? sent[0].BeginChunk.Name);

        // Spark refuses a chunked file of one chunk.
        Assert.Equal(sent.Length > 1, sent[0].Batch is null);
        Assert.All(sent.Where(static request => request.BeginChunk is not null), request => Assert.Equal((size, sent.Length), (request.BeginChunk.TotalBytes, request.BeginChunk.NumChunks)));
        Assert.Equal(content, ByteString.CopyFrom([.. chunks.SelectMany(static chunk => chunk.Data)]).ToByteArray());
        Assert.All(chunks, static chunk => Assert.Equal(Crc32.HashToUInt32(chunk.Data.Span), chunk.Crc));
        Assert.All(chunks, static chunk => Assert.InRange(chunk.Data.Length, 0, 32 * 1024));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("a\\b")]
    public async Task AddArtifactAsync_NoName_IsRefused(string name)
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        await using SparkSession session = await spark.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => session.AddArtifactAsync(name, Stream.Null, Cancellation));
    }

    [Fact]
    public async Task StartStreamAsync_AQuery_IsAskedAboutByItsIds()
    {
        await using FakeSpark spark = await FakeSpark.StartAsync();
        spark.On<ExecutePlanRequest>(static async (request, call) =>
        {
            ExecutePlanResponse answer = new();
            if (request.Plan.Command.StreamingQueryCommand is { } command)
            {
                Assert.Equal(("q", "r"), (command.QueryId.Id, command.QueryId.RunId));
                StreamingQueryCommandResult result = new();
                switch (command.CommandCase)
                {
                    case StreamingQueryCommand.CommandOneofCase.Status:
                        result.Status = new StreamingQueryCommandResult.Types.StatusResult { StatusMessage = "waiting", IsActive = true };
                        break;
                    case StreamingQueryCommand.CommandOneofCase.LastProgress:
                        result.RecentProgress = new StreamingQueryCommandResult.Types.RecentProgressResult { RecentProgressJson = { "{}" } };
                        break;
                    case StreamingQueryCommand.CommandOneofCase.AwaitTermination:
                        Assert.Equal(5_000, command.AwaitTermination.TimeoutMs);
                        result.AwaitTermination = new StreamingQueryCommandResult.Types.AwaitTerminationResult { Terminated = true };
                        break;
                    case StreamingQueryCommand.CommandOneofCase.Exception:
                        result.Exception = new StreamingQueryCommandResult.Types.ExceptionResult { ExceptionMessage = "lost", ErrorClass = "STREAM_FAILED" };
                        break;
                }

                answer.StreamingQueryCommandResult = result;
            }
            else
            {
                answer.WriteStreamOperationStartResult = new WriteStreamOperationStartResult { QueryId = new StreamingQueryInstanceId { Id = "q", RunId = "r" }, Name = "n" };
            }

            await call.SendAsync(FakeRows.Answer(answer));
            await call.SendAsync(FakeRows.Complete());
        });
        await using SparkSession session = await spark.OpenAsync();
        SparkStreamingQuery query = await session.StartStreamAsync(
            SparkRelation.Source("rate", streaming: true).WithWatermark("timestamp", "1 minute"),
            new SparkStreamWrite { Path = "/out", Trigger = SparkTrigger.Every(TimeSpan.FromSeconds(1.5)), Options = new Dictionary<string, string> { ["checkpointLocation"] = "/c" } },
            Cancellation);

        Assert.Equal(("q", "r", "n"), (query.Id, query.RunId, query.Name));
        Assert.True((await query.StatusAsync(Cancellation)).IsActive);
        Assert.Equal("{}", await query.LastProgressAsync(Cancellation));
        Assert.True(await query.AwaitTerminationAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Equal(("lost", "STREAM_FAILED"), ((await query.FailureAsync(Cancellation))!.Message, (await query.FailureAsync(Cancellation))!.ErrorClass));
        WriteStreamOperationStart start = spark.Of<ExecutePlanRequest>()[0].Plan.Command.WriteStreamOperationStart;
        Assert.Equal(("/out", "1500 milliseconds", "/c", "append"), (start.Path, start.ProcessingTimeInterval, start.Options["checkpointLocation"], start.OutputMode));
        Assert.True(start.Input.WithWatermark.Input.Read.IsStreaming);
    }
}
