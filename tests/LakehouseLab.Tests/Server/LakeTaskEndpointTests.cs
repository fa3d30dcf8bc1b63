using System.Net;
using System.Text.Json.Nodes;

namespace LakehouseLab.Tests.Server;

/// <summary>Pipeline runs and audits over HTTP.</summary>
public sealed class LakeTaskEndpointTests
{
    [Theory]
    [InlineData("/audits", "audits")]
    [InlineData("/pipelines/runs", "runs")]
    public async Task Tasks_StartedUnderAKey_AreListedOnceAndAnsweredAlike(string path, string list)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.PostAsync(path, "{}", ("Idempotency-Key", "nightly"))));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Accepted, answers[0].Body, answers[0].Headers.Location), (answer.Status, answer.Body, answer.Headers.Location)));
        JsonNode listed = Assert.Single((JsonArray)(await service.GetAsync(path)).Json[list]!)!;
        Assert.Equal((string)answers[0].Json["id"]!, (string)listed["id"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync(path, "{}", ("Idempotency-Key", ""))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Delete, $"{path}/{Guid.Empty}")).Status);
    }

    [Fact]
    public async Task Audit_OfAnUnknownEmulation_IsNotFoundAtOnce()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer unknown = await service.PostAsync("/audits", $$"""{"emulation": "{{Guid.Empty}}"}""");
        string known = await service.StartEmulationAsync();

        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Empty((JsonArray)(await service.GetAsync("/audits")).Json["audits"]!);
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync("/audits", $$"""{"emulation": "{{known}}"}""")).Status);
    }

    [Theory]
    [InlineData("""{"domain": "transaction", "emulations": ["8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f"], "first_row": 0, "rows": 10}""")]
    [InlineData("""{"emulations": [{"id": "8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f", "emulation_domain": "transaction", "progress": {"rows": 10}}]}""")]
    public async Task Audit_ExpectsWhatTheLakeHasNeverHad_FindsItMissing(string receipts)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/audits", $$"""{"expect": {{receipts}}}""");

        Assert.Equal((HttpStatusCode.Accepted, 10), (answer.Status, (int)answer.Json["settings"]!["expect"]![0]!["rows"]!));
        JsonNode? ended = null;
        await Eventually.HoldsAsync(async () => (string)(ended = (await service.GetAsync(answer.Headers.Location!.ToString())).Json)["status"]! is not ("scheduled" or "running"));
        Assert.Equal(("completed", false), ((string)ended!["status"]!, (bool)ended["findings"]!["clean"]!));
        Assert.Contains("8d3f6f0e-5c3a-4b1e-9f00-3a2b1c0d4e5f", ended["findings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("""{"rows": 10}""")]
    public async Task Audit_ExpectsNoReceipts_IsRefusedByTheField(string receipts)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/audits", $$"""{"expect": {{receipts}}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.StartsWith("has no receipts: send ", (string)answer.Json["errors"]!["expect"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lakelab_emulations_ended_total", "state=\"failed\"")]
    [InlineData("lakelab_delivery_errors_total", "sync=\"minio\"")]
    [InlineData("lakelab_delivery_retries_total", "sync=\"kafka\"")]
    [InlineData("lakelab_pipeline_runs_total", "state=\"completed\"")]
    [InlineData("lakelab_audits_total", "verdict=\"clean\"")]
    public async Task Metrics_OfAServiceThatHasDoneNothing_ShowEveryCounter(string metric, string label)
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        string metrics = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Matches($"(?m)^{metric}{{[^}}]*{label}[^}}]*}} [0-9]", metrics);
    }

    [Fact]
    public async Task Run_NullForWhatIsNotStated_IsWhatTheDocumentAllows()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder, new ControlledRunner());

        RunningService.Answer answer = await service.PostAsync("/pipelines/runs", """{"full_refresh": null, "select": null}""");

        Assert.Equal((HttpStatusCode.Accepted, false), (answer.Status, (bool)answer.Json["settings"]!["full_refresh"]!));
        JsonNode fields = service.Document["paths"]!["/pipelines/runs"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!;
        Assert.Equal(["boolean", "null"], fields["full_refresh"]!["type"]!.AsArray().Select(type => (string)type!).Order(StringComparer.Ordinal));
        Assert.Equal("""["raw","kafka","all",null]""", fields["source"]!["enum"]!.ToJsonString());
    }
}
