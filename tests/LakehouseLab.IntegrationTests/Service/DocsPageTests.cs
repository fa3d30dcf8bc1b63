using System.Text.Json;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Service;

/// <summary>The page on which requests can be tried, in a real browser.</summary>
public sealed class DocsPageTests
{
    // Names other than the service's cannot be resolved: what the browser itself would ask for stays within this machine.
    private static readonly string[] s_browser =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    public async Task Page_InABrowser_ShowsEveryFeatureAndAsksForNothingElsewhere(string path)
    {
        ExternalProgram chromium = ExternalProgram.Find("LAKELAB_CHROMIUM");
        using TemporaryFolder folder = new();
        using ServiceProcess service = await ServiceProcess.StartAsync(new Dictionary<string, string>(), folder.Combine("lake"));
        string log = folder.Combine("net.json");

        (int code, string page, string words) = await chromium.RunAsync(
        [
            .. s_browser, $"--user-data-dir={folder.Combine("browser")}", $"--log-net-log={log}", "--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom",
            new Uri(service.Address, path).ToString(),
        ]);

        Assert.True(code == 0, words);
        Assert.All(["Lakehouse Lab: emulator service", "emulator", "pipelines", "audits", "domains", "tables"], text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("Content Security Policy", words, StringComparison.Ordinal);
        IReadOnlyList<Uri> asked = await AskedByPagesAsync(log, service.Address);
        Assert.Contains(new Uri(service.Address, "/openapi/v1.json"), asked);
        Assert.All(asked, uri => Assert.Equal(service.Address.GetLeftPart(UriPartial.Authority), uri.GetLeftPart(UriPartial.Authority)));
    }

    // What pages of an address asked for, by the log of all requests that the browser made: what it asked for by itself has no such initiator.
    private static async Task<IReadOnlyList<Uri>> AskedByPagesAsync(string log, Uri address)
    {
        await using FileStream stream = File.OpenRead(log);
        using JsonDocument document = await JsonDocument.ParseAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        int request = document.RootElement.GetProperty("constants").GetProperty("logEventTypes").GetProperty("URL_REQUEST_START_JOB").GetInt32();
        return
        [
            .. document.RootElement.GetProperty("events").EnumerateArray()
                .Where(entry => entry.GetProperty("type").GetInt32() == request && entry.TryGetProperty("params", out JsonElement start)
                    && start.TryGetProperty("initiator", out JsonElement initiator) && initiator.GetString() == address.GetLeftPart(UriPartial.Authority))
                .Select(entry => new Uri(entry.GetProperty("params").GetProperty("url").GetString()!)),
        ];
    }
}
