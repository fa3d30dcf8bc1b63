using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Server.Emulations;

namespace LakehouseLab.Tests.Server;

/// <summary>What starting an emulation takes and refuses.</summary>
public sealed class StartEmulationTests
{
    [Theory]
    [InlineData("/emulator")]
    [InlineData("/emulator/")]
    public async Task Start_AsExistingClientsSendIt_AnswersEveryResolvedSetting(string path)
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);

        RunningService.Answer answer = await service.PostAsync(path, RunningService.Curl);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal($"/emulator/{answer.Json["id"]}", answer.Headers.Location!.ToString());
        Assert.Equal(("minio", "user-profile", 120, "scheduled"), ((string)answer.Json["emulator_sync"]!, (string)answer.Json["emulation_domain"]!, (int)answer.Json["timeout"]!, (string)answer.Json["status"]!));
        Assert.Equal(("json", "chunked", 64L << 20, 10, "1000/s", "lakehouse"), (
            (string)answer.Json["format_type"]!, (string)answer.Json["sync_type"]!, (long)answer.Json["max_chunk_size"]!, (int)answer.Json["flush_interval"]!, (string)answer.Json["rate"]!, (string)answer.Json["bucket"]!));
        ControlledRunner.Run run = await runner.NextAsync();
        Assert.Equal((string)answer.Json["id"]!, run.Emulation.Id.ToString());
        Assert.Equal(run.Emulation.StartedAt!.Value.AddSeconds(120), run.Signals.Deadline);
    }

    [Theory]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction"}""", "60", "1000/s")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 5}""", null, "max")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "until": "2026-02-01"}""", null, "max")]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "timeout": 5, "rate": "realtime"}""", "5", "realtime")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "timeout": null, "rows": 1.0e3}""", null, "max")]
    public async Task Start_WithoutEndOrRate_ResolvesThem(string body, string? timeout, string rate)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/emulator", body);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal((timeout, rate), (answer.Json["timeout"]?.ToString(), (string)answer.Json["rate"]!));
    }

    [Fact]
    public async Task Start_ManyFieldsWrong_NamesAllOfThem()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/emulator", """
            {"emulator_sync": "minoi", "timeout": "2m", "rowz": 5, "rows": 1e300, "faults": {}, "threads": -1, "fraud_rate": 0.9, "from": "yesterday",
             "rate": "fast", "bucket": "../x", "labels": ["inline"], "headers": "on", "flush_interval": 0}
            """);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(
            ["bucket", "emulation_domain", "emulator_sync", "faults", "flush_interval", "fraud_rate", "from", "headers", "labels", "rate", "rows", "rowz", "threads", "timeout"],
            ((JsonObject)answer.Json["errors"]!).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal("is 'minoi': allowed are minio, kafka, local; did you mean minio?", (string)answer.Json["errors"]!["emulator_sync"]![0]!);
        Assert.Equal("is not a field of this request; did you mean rows?", (string)answer.Json["errors"]!["rowz"]![0]!);
        Assert.Contains("is not a field of this request", (string)answer.Json["errors"]!["faults"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("minio")]
    [InlineData("kafka")]
    [InlineData("local")]
    public async Task Start_WithAllSixFieldsOfOldClients_KeepsAndAnswersThemForEverySink(string sync)
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        JsonObject body = new() { ["emulator_sync"] = sync, ["emulation_domain"] = "transaction", ["timeout"] = 60, ["format_type"] = "csv", ["sync_type"] = "grouped", ["max_chunk_size"] = 1024 };

        RunningService.Answer answer = await service.PostAsync("/emulator/", body.ToJsonString());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.All(body, field => Assert.True(JsonNode.DeepEquals(field.Value, answer.Json[field.Key]), $"{field.Key} is {answer.Json[field.Key]?.ToJsonString()}"));
        EmulationOptions options = (await runner.NextAsync()).Emulation.Settings.ToOptions();
        Assert.Equal(sync == "kafka" ? ChunkFormat.Json : ChunkFormat.TryParse("csv", "none"), options.Format);
    }

    [Theory]
    [InlineData("minio")]
    [InlineData("kafka")]
    [InlineData("local")]
    public async Task Start_WithFewFields_AnswersAllThatOldClientsRead(string sync)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        JsonNode answer = (await service.PostAsync("/emulator/", $$"""{"emulator_sync": "{{sync}}", "emulation_domain": "transaction", "timeout": 60}""")).Json;

        Assert.Equal(("json", "chunked", 64L << 20), ((string?)answer["format_type"], (string?)answer["sync_type"], (long?)answer["max_chunk_size"]));
    }

    [Theory]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "max_chunk_size": 0}""", "max_chunk_size")]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "flush_interval": 5}""", "flush_interval")]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "topic": "payroll"}""", "topic")]
    [InlineData("""{"emulator_sync": "kafka", "emulation_domain": "transaction", "topic": ".."}""", "topic")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "topic": "transactions"}""", "topic")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "bucket": "lakehouse"}""", "bucket")]
    [InlineData("""{"emulator_sync": "minio", "emulation_domain": "transaction", "bucket": "payroll"}""", "bucket")]
    [InlineData("""{"emulator_sync": "minio", "emulation_domain": "transaction", "prefix": "a/../../b"}""", "prefix")]
    [InlineData("""{"emulator_sync": "minio", "emulation_domain": "transaction", "prefix": "/etc"}""", "prefix")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "format_type": "parquet", "compression": "gzip"}""", "compression")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "sync_type": "single"}""", "sync_type")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "from": "2026-02-01", "first_row": 5}""", "from")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "from": "2026-02-01", "until": "2026-01-01"}""", "until")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 1, "rows": 2}""", "rows")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transactions"}""", "emulation_domain")]
    [InlineData("""[]""", "$")]
    [InlineData("""{"emulator_sync": "local", "emulation_domain": "transaction", "日本": 1}""", "日本")]
    public async Task Start_FieldsThatDoNotGoTogether_NamesTheField(string body, string field)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/emulator", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.NotNull(answer.Json["errors"]![field]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("""{"emulator_sync": "\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("""[[[[[[[[[[1]]]]]]]]]]""", HttpStatusCode.BadRequest)]
    [InlineData("""{"emulator_sync": "local",}""", HttpStatusCode.BadRequest)]
    public async Task Start_NoJson_IsRefused(string body, HttpStatusCode status)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        Assert.Equal(status, (await service.PostAsync("/emulator", body)).Status);
    }

    [Fact]
    public async Task Start_OtherBodies_AreRefusedByTheirKind()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        Assert.Equal(HttpStatusCode.BadRequest, (await service.SendAsync(HttpMethod.Post, "/emulator", Json([0xFF, 0xFE, (byte)'{', (byte)'}']))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.SendAsync(HttpMethod.Post, "/emulator", Json(new byte[100_000]))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.SendAsync(HttpMethod.Post, "/emulator", new StringContent(RunningService.Curl, Encoding.UTF8, "text/plain"))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.SendAsync(HttpMethod.Post, "/emulator", new StringContent(RunningService.Curl, Encoding.Unicode, "application/json"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await service.SendAsync(HttpMethod.Put, "/emulator", Json("{}"u8.ToArray()))).Status);
    }

    [Fact]
    public async Task Start_AnotherWorld_IsAConflictThatNamesBoth()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "seed": 7, "users": 500, "fraud_mix": "inherent=1"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("seed is 42, not 7; fraud_mix is takeover=35", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SameKeyAgain_AnswersTheFirstResult()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        (string, string) key = ("Idempotency-Key", "night run");

        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.PostAsync("/emulator", RunningService.Curl, key)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, answers[0].Body), (answer.Status, answer.Body)));
        Assert.Single((JsonArray)(await service.GetAsync("/emulator")).Json["emulations"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.PostAsync("/emulator", """{"emulator_sync": "kafka", "emulation_domain": "transaction"}""", key)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync("/emulator", RunningService.Curl, ("Idempotency-Key", new string('k', 300)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync("/emulator", RunningService.Curl, ("Idempotency-Key", ""))).Status);
    }

    [Fact]
    public async Task Start_KeySentTwice_IsRefused()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        Uri address = service.Client.BaseAddress!;
        using TcpClient connection = new();
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);

        // The framework's client would send one line of both.
        await connection.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /emulator HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: {RunningService.Curl.Length}\r\nConnection: close\r\n\r\n{RunningService.Curl}"),
            TestContext.Current.CancellationToken);

        using StreamReader answer = new(connection.GetStream());
        string text = await answer.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 ", text, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key is sent 2 times: send it once", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongBodyUnderAKey_LeavesTheKeyFree()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        (string, string) key = ("Idempotency-Key", "k");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.PostAsync("/emulator", "{}", key)).Status);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", RunningService.Curl, key)).Status);
    }

    [Fact]
    public async Task Start_QueueIsFull_SaysWhenToTryAgain()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxRunning = 1, MaxQueued = 2 });
        await service.StartEmulationAsync();
        await runner.NextAsync();
        string queued = await service.StartEmulationAsync();
        await service.StartEmulationAsync();

        RunningService.Answer answer = await service.PostAsync("/emulator", RunningService.Curl);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.NotNull(answer.Headers.RetryAfter);
        await service.SendAsync(HttpMethod.Delete, $"/emulator/{queued}");
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync("/emulator", RunningService.Curl)).Status);
    }

    [Fact]
    public async Task Start_BeyondTheCaps_IsRefused()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { MaxRows = 1000, MaxRate = 500 });

        RunningService.Answer rows = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 1001, "rate": "500/s"}""");
        RunningService.Answer rate = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 1000, "rate": "501/s"}""");
        RunningService.Answer full = await service.PostAsync("/emulator", """{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 1000}""");

        Assert.NotNull(rows.Json["errors"]!["rows"]);
        Assert.NotNull(rate.Json["errors"]!["rate"]);
        Assert.NotNull(full.Json["errors"]!["rate"]);
    }

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { { "Content-Type", "application/json" } } };
}
