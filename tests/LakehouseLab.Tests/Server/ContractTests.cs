using System.Net;
using System.Text.Json.Nodes;
using CsCheck;
using LakehouseLab.Server.Health;

namespace LakehouseLab.Tests.Server;

/// <summary>What the OpenAPI document says is what the service does. Every answer in these tests is held to it.</summary>
public sealed class ContractTests
{
    private static readonly Gen<string> s_word = Gen.OneOf(
        OneOf("local", "minio", "kafka", "transaction", "user-profile", "json", "parquet", "next", "max", "60x", "2026-01-01", "..", "/", "", "inline", "none"), Gen.String);

    private static readonly Gen<string> s_value = Gen.OneOf(
        s_word.Select(word => JsonValue.Create(word).ToJsonString()),
        Gen.Long.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        OneOf("null", "true", "{}", "[]", "[1]", "1e400", "-0", "0.5", "1e-7", "123456789012345678901234567890", "{\"a\":{\"b\":{}}}", "\"\\u0000\"", "\"\\uD83D\\uDE00\""));

    [Fact]
    public async Task Document_EveryOperation_AnswersItsExamples()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner, probe: new HealthyProbe());
        await service.StartEmulationAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 10}""");
        ControlledRunner.Run run = await runner.NextAsync();
        int asked = 0;
        foreach ((string path, JsonNode? methods) in (JsonObject)service.Document["paths"]!)
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject().Where(pair => !((string)pair.Value!["operationId"]!).StartsWith("watch", StringComparison.Ordinal)))
            {
                List<string?> bodies = [null];
                if (operation!["requestBody"]?["content"]!["application/json"]!["examples"] is JsonObject examples)
                {
                    bodies = [.. examples.Select(example => example.Value!["value"]!.ToJsonString())];
                }

                foreach (string? body in bodies)
                {
                    string place = path.Replace("{domain}", "transaction", StringComparison.Ordinal).Replace("{layer}/{name}", "silver/transactions", StringComparison.Ordinal)
                        .Replace("/emulator/{id}", $"/emulator/{run.Emulation.Id}", StringComparison.Ordinal).Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal);
                    RunningService.Answer answer = body is null
                        ? await service.SendAsync(new HttpMethod(method.ToUpperInvariant()), place)
                        : await service.PostAsync(place, body);
                    Assert.True((int)answer.Status is < 300 or 404 or 409, $"{method} {place}: {answer.Body}");
                    asked++;
                }
            }
        }

        Assert.True(asked > 20, "the document has few operations");
    }

    [Fact]
    public async Task Start_AnyBody_IsAnsweredAsDeclared()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { MaxQueued = 100_000 });
        JsonObject schema = (JsonObject)service.Document["paths"]!["/emulator"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!;
        Gen<string> field = Gen.OneOf(OneOf([.. schema.Select(pair => pair.Key)]), Gen.String);
        Gen<string> body = Gen.Select(field, s_value).Array[0, 8].Select(members =>
            $"{{{string.Join(',', members.Select(member => $"{JsonValue.Create(member.Item1).ToJsonString()}:{member.Item2}").Prepend("\"emulator_sync\":\"local\"").Prepend("\"emulation_domain\":\"transaction\""))}}}");

        await body.SampleAsync(
            async json =>
            {
                RunningService.Answer answer = await service.PostAsync("/emulator", json);
                Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict or HttpStatusCode.BadRequest, $"{json}: {answer.Status} {answer.Body}");
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public async Task Ask_AnyPathAndBytes_IsNeverAFault()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        Gen<string> segment = Gen.OneOf(OneOf("emulator", "pipelines", "runs", "audits", "domains", "transaction", "schema", "sample", "tables", "rows", "silver", "complete", "status", "%00", "%2e%2e", "🦆", Guid.Empty.ToString()), Gen.String.Select(Uri.EscapeDataString));
        Gen<string> query = Gen.Select(OneOf("limit", "cursor", "status", "as", "n", "first_row", "x"), s_word).Array[0, 3].Select(pairs => string.Join('&', pairs.Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}")));
        Gen<(string, string, string, byte[])> request = Gen.Select(OneOf("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"), segment.Array[0, 4].Select(parts => string.Join('/', parts)), query, Gen.Byte.Array[0, 50]);

        await request.SampleAsync(
            async asked =>
            {
                (string method, string path, string parameters, byte[] bytes) = asked;
                using HttpRequestMessage message = new(new HttpMethod(method), new Uri($"{service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}/{path}?{parameters}"));
                if (method is "POST" or "PUT")
                {
                    message.Content = new ByteArrayContent(bytes) { Headers = { { "Content-Type", "application/json" } } };
                }

                using HttpResponseMessage response = await service.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                Assert.True((int)response.StatusCode < 500, $"{method} /{path}?{parameters}: {response.StatusCode}");
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task Start_DiskFullUnderTheDatabase_IsUnavailableAndNothingPromisedIsLost()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        RunningService service = await RunningService.StartAsync(folder, runner, options => options with { MaxDatabasePages = 60, MaxRunning = 1 });
        HashSet<string> promised = [];
        RunningService.Answer answer;
        while ((answer = await service.PostAsync("/emulator", RunningService.Curl)).Status == HttpStatusCode.Created)
        {
            promised.Add((string)answer.Json["id"]!);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("disk is full", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        RunningService.Answer health = await service.GetAsync("/health/ready");
        await using RunningService next = await service.RestartAsync(new ControlledRunner());
        foreach (string id in promised)
        {
            Assert.Equal(HttpStatusCode.OK, (await next.GetAsync($"/emulator/{id}")).Status);
        }

        Assert.True(health.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.OK);
    }

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private sealed class HealthyProbe : ISinkProbe
    {
        public IReadOnlyList<string> Configured => [];

        public Task LookAsync(string sync, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
