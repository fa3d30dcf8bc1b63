using System.Globalization;
using LakehouseLab.Tests.Server;

namespace LakehouseLab.Tests.Cli;

/// <summary>The service's command line.</summary>
public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("0.0.0.0", "0123456789abcdef-key")]
    public async Task Check_ServiceIsReady_EndsWithZeroAndOneLine(string host, string? key)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner(), options => options with { Host = host, ApiKey = key });

        CommandRun check = await CommandRun.OfAsync(["serve", "--check", "--host", host, "--port", service.Client.BaseAddress!.Port.ToString(CultureInfo.InvariantCulture)]);

        Assert.Equal((0, $"the service at {service.Client.BaseAddress.GetLeftPart(UriPartial.Authority)} is ready\n"), (check.Code, check.Words));
    }

    [Fact]
    public async Task Check_NobodyListens_EndsWithOneAndOneLine()
    {
        using TemporaryFolder folder = new();
        RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        int port = service.Client.BaseAddress!.Port;
        await service.DisposeAsync();

        CommandRun check = await CommandRun.OfAsync(["serve", "--check", "--port", port.ToString(CultureInfo.InvariantCulture)]);

        Assert.Equal(1, check.Code);
        Assert.StartsWith($"no service at http://127.0.0.1:{port}: ", Assert.Single(check.Words.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_AllowedHostThatIsNone_IsAWrongRequest()
    {
        using TemporaryFolder folder = new();

        CommandRun serve = await CommandRun.OfAsync(["serve", "--lake", folder.Combine("lake"), "--host", "0.0.0.0"], variables: new Dictionary<string, string> { ["LAKELAB_ALLOWED_HOSTS"] = "data-emulator:8000" });

        Assert.Equal((2, "lakelab: --allowed-hosts: 'data-emulator:8000' is not the name of a host"), (serve.Code, serve.Words[..serve.Words.IndexOf(": write", StringComparison.Ordinal)]));
    }
}
