using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using LakehouseLab.Server.Docs;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Server;

/// <summary>The page that a browser is shown where a program is given a document.</summary>
public sealed class DocumentPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Fact]
    public async Task Show_EmulationToABrowser_IsAPageThatLoadsAgainUntilItsEnd()
    {
        using TemporaryFolder folder = new();
        ControlledRunner runner = new();
        await using RunningService service = await RunningService.StartAsync(folder, runner);
        string id = await service.StartEmulationAsync();
        ControlledRunner.Run run = await runner.NextAsync();
        string running = await PageAsync(service, $"/emulator/{id}");
        Assert.Contains("http-equiv=\"refresh\"", running, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"/emulator/{id}/status\">", running, StringComparison.Ordinal);

        run.Fail(new InvalidRequestException("<script>alert('1')</script> & /etc"));
        await service.WaitForAsync(id, "failed");

        string failed = await PageAsync(service, $"/emulator/{id}");
        Assert.DoesNotContain("refresh", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", failed, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; /etc", failed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/pipelines/runs", "<td>silver.transactions</td>")]
    [InlineData("/audits", "<th>clean</th>")]
    public async Task Show_RunOrAuditToABrowser_IsAPageWithWhatItDid(string path, string shown)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        string place = (await service.PostAsync(path, "{}")).Headers.Location!.ToString();
        await Eventually.HoldsAsync(async () => (string)(await service.GetAsync(place)).Json["status"]! == "completed");

        Assert.Contains(shown, await PageAsync(service, place), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/json, text/html;q=0.5")]
    public async Task Show_EmulationToAProgram_IsTheDocument(string? accept)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());
        string id = await service.StartEmulationAsync();

        RunningService.Answer answer = await service.SendAsync(HttpMethod.Get, $"/emulator/{id}", null, accept is null ? [] : [("Accept", accept)]);

        Assert.Equal((HttpStatusCode.OK, id), (answer.Status, (string)answer.Json["id"]!));
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    [Fact]
    public void Write_TextThatLooksLikeALink_IsNone()
    {
        JsonNode document = JsonNode.Parse("""{"reason": "/javascript:x", "\"><b>": ["<i>", 5, null], "links": {"self": "/a\"b"}, "empty": {}, "rows": [{"a": 1}, {"b": {"c": true}}]}""")!;

        string page = DocumentHtml.Write("a & b", document, isLive: false);

        Assert.Contains("<td>/javascript:x</td>", page, StringComparison.Ordinal);
        Assert.Contains("<th>&quot;&gt;&lt;b&gt;</th><td>&lt;i&gt;, 5, </td>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/a&quot;b\">", page, StringComparison.Ordinal);
        Assert.Contains("<th>a</th><th>b</th></tr>\n<tr><td>1</td><td></td></tr>", page, StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync(RunningService service, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", Browser);
        using HttpResponseMessage response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, new MediaTypeHeaderValue("text/html", "utf-8")), (response.StatusCode, response.Content.Headers.ContentType));
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
