using System.Net;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Server;
using LakehouseLab.World;

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
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/docs")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Get, "/emulator", null, ("Authorization", $"Bearer {Key}"), ("Host", "lab.example"))).Status);
    }

    [Theory]
    [InlineData("0.0.0.0", null, "LAKELAB_API_KEY")]
    [InlineData("192.0.2.1", null, "LAKELAB_API_KEY")]
    [InlineData("127.0.0.1", "short", "at least 16 characters")]
    [InlineData("lab.example", Key, "is no address")]
    public async Task Start_Unsafely_IsRefused(string host, string? key, string reason)
    {
        using TemporaryFolder folder = new();
        ServiceOptions options = new() { World = new WorldSettings(), Port = 0, Host = host, ApiKey = key, Log = LogForm.None };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => EmulatorService.StartAsync(Lake.Open(folder.Combine("lake")), options, TestContext.Current.CancellationToken));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
    }
}
