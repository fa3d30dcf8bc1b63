using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server;
using LakehouseLab.Server.Settings;
using LakehouseLab.Server.Emulations;
using LakehouseLab.Server.Health;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Server;

/// <summary>A service on a port of its own. What it answers is held to its own OpenAPI document.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    public const string Curl = """{"emulator_sync": "minio", "emulation_domain": "user-profile", "timeout": 120}""";

    private readonly TemporaryFolder _folder;
    private readonly EmulatorService _service;
    private readonly ApiContract _contract;

    private RunningService(TemporaryFolder folder, EmulatorService service, HttpClient client, ApiContract contract)
    {
        _folder = folder;
        _service = service;
        Client = client;
        _contract = contract;
    }

    /// <summary>A client that talks to it.</summary>
    public HttpClient Client { get; }

    /// <summary>Its OpenAPI document.</summary>
    public JsonObject Document => _contract.Document;

    /// <summary>Starts a service over a lake in a folder.</summary>
    public static async Task<RunningService> StartAsync(
        TemporaryFolder folder, IEmulationRunner? runner = null, Func<ServiceOptions, ServiceOptions>? configure = null, ISinkProbe? probe = null)
    {
        ServiceOptions options = new() { World = new WorldSettings { Users = 500 }, Port = 0, Log = LogForm.None, Variable = static name => name == "KAFKA_BOOTSTRAP_SERVERS" ? "localhost:1" : null };
        EmulatorService service = await EmulatorService.StartAsync(
            await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken), configure?.Invoke(options) ?? options, runner, probe, TestContext.Current.CancellationToken);
        HttpClient client = new() { BaseAddress = new Uri(service.Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)), Timeout = TimeSpan.FromMinutes(1) };
        return new RunningService(folder, service, client, await ApiContract.ReadAsync(client));
    }

    /// <summary>Sends a request and holds the answer to the document.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        _contract.Check(method.Method, path, response, body);
        return new Answer(response.StatusCode, response.Headers, body);
    }

    /// <summary>Asks for something.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Sends JSON.</summary>
    public Task<Answer> PostAsync(string path, string? json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>Starts an emulation.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> StartEmulationAsync(string json = Curl)
    {
        Answer answer = await PostAsync("/emulator/", json);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
        return (string)answer.Json["id"]!;
    }

    /// <summary>Waits until an emulation has a state.</summary>
    public async Task<JsonNode> WaitForAsync(string id, string state)
    {
        Answer? answer = null;
        await Eventually.HoldsAsync(async () => (string?)(answer = await GetAsync($"/emulator/{id}")).Json["status"] == state, $"emulation {id} is {state}");
        return answer!.Json;
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
    }

    /// <summary>Stops it and starts another over the same lake.</summary>
    public async Task<RunningService> RestartAsync(IEmulationRunner? runner)
    {
        await DisposeAsync();
        return await StartAsync(_folder, runner);
    }

    /// <summary>An answer.</summary>
    internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;
    }
}
