using System.Net;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server;
using LakehouseLab.Server.Settings;
using LakehouseLab.Server.Telemetry;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;
using Microsoft.Extensions.Logging;

namespace LakehouseLab.Tests.Server;

/// <summary>Who may ask the service.</summary>
public sealed class AccessTests
{
    private const string Key = "0123456789abcdef-key";

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LocalHost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task Ask_ByAName_IsAnsweredByOwnNamesOnly(string host, HttpStatusCode status)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        Assert.Equal(status, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Host", host))).Status);
    }

    [Fact]
    public async Task Post_FromAnotherPage_IsRefused()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("/pipelines/runs", null, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.PostAsync("/pipelines/runs", null, ("Origin", "null"))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync("/pipelines/runs", null, ("Origin", service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)))).Status);
    }

    [Theory]
    [InlineData("data-emulator", HttpStatusCode.OK)]
    [InlineData("Data-Emulator:8000", HttpStatusCode.OK)]
    [InlineData("[2001:DB8::1]:80", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("data-emulator.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    public async Task Ask_ByAnAllowedName_IsAnsweredWithoutAKeyAtAnyPort(string host, HttpStatusCode status)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(
            folder, new ControlledRunner(), options => options with { Host = "0.0.0.0", AllowedHosts = ["data-emulator", "2001:db8:0::1"] });

        Assert.Equal(status, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Host", host))).Status);
    }

    [Fact]
    public async Task Ask_WithAKeyAndAllowedNames_NeedsTheKeyByOtherNamesOnly()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { ApiKey = Key, AllowedHosts = ["data-emulator"] });

        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Host", "data-emulator"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/emulator")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Host", "lab.example"), ("Authorization", $"Bearer {Key}"))).Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://data-emulator")]
    [InlineData("data-emulator:8000")]
    [InlineData("a b")]
    public async Task Start_WithAnAllowedHostThatIsNone_IsRefused(string name)
    {
        using TemporaryFolder folder = new();

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => RunningService.StartAsync(folder, new ControlledRunner(), options => options with { AllowedHosts = [name] }));

        Assert.Contains($"--allowed-hosts: '{name}' is not the name of a host", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AtAPortInUse_IsRefusedInOneLine()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder other = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        int port = service.Client.BaseAddress!.Port;

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => RunningService.StartAsync(other, new ControlledRunner(), options => options with { Port = port }));

        Assert.StartsWith($"cannot listen on 127.0.0.1 port {port}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        using ILoggerFactory loggers = LoggerFactory.Create(logging =>
        {
            ServiceTelemetry.AddLogs(logging, LogForm.None);
            logging.AddProvider(new EveryLevel());
        });
        Assert.False(loggers.CreateLogger("Microsoft.Extensions.Hosting.Internal.Host").IsEnabled(LogLevel.Error), "the host tells of the same failure with its stack trace");
        Assert.True(loggers.CreateLogger("LakehouseLab.Server").IsEnabled(LogLevel.Information), "the service's own log is silent");
    }

    [Fact]
    public async Task Ask_ForNothingInParticular_ShowsAPageToBrowsersAndADocumentToPrograms()
    {
        const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer page = await service.SendAsync(HttpMethod.Get, "/", null, ("Accept", Browser));
        RunningService.Answer[] documents =
        [
            await service.GetAsync("/"),
            await service.SendAsync(HttpMethod.Get, "/", null, ("Accept", "*/*")),
            await service.SendAsync(HttpMethod.Get, "/", null, ("Accept", "application/json, text/html;q=0.5")),
        ];

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<!doctype html>", page.Body, StringComparison.Ordinal);
        Assert.All(documents, document => Assert.Equal((HttpStatusCode.OK, "lakelab", "/docs"), (document.Status, (string)document.Json["name"]!, (string)document.Json["links"]!["docs"]!)));
    }

    [Fact]
    public async Task Ask_WithAKeySet_MustBearIt()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { ApiKey = Key });

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/emulator")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Authorization", "Bearer wrong"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Authorization", $"Basic {Key}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Authorization", $"Bearer {Key}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/health/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/docs", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/docs/scalar.js", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/openapi/v1.json")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Authorization", $"Bearer {Key}"), ("Host", "lab.example"))).Status);
    }

    [Fact]
    public async Task Pages_OfTheService_MayReachItAlone()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        string[] policies = [await PolicyAsync(service, "/docs/"), await PolicyAsync(service, "/docs/"), await PolicyAsync(service, "/")];

        Assert.All(policies, policy => Assert.StartsWith("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", policy, StringComparison.Ordinal));
        Assert.Matches("script-src 'self' 'nonce-[A-Za-z0-9_-]{22}'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self' data:$", policies[0]);
        Assert.NotEqual(policies[0], policies[1]);
        Assert.DoesNotContain("unsafe-inline", policies[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", null, "LAKELAB_API_KEY")]
    [InlineData("192.0.2.1", null, "LAKELAB_API_KEY")]
    [InlineData("127.0.0.1", "short", "at least 16 characters")]
    [InlineData("lab.example", Key, "is not an address")]
    public async Task Start_Unsafely_IsRefused(string host, string? key, string reason)
    {
        using TemporaryFolder folder = new();
        ServiceOptions options = new() { World = new WorldSettings(), Port = 0, Host = host, ApiKey = key, Log = LogForm.None };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            async () => await EmulatorService.StartAsync(await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken), options, TestContext.Current.CancellationToken));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> PolicyAsync(RunningService service, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using HttpResponseMessage page = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        return Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
    }

    private sealed class EveryLevel : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
