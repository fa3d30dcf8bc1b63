using System.Net;
using System.Text.Json.Nodes;
using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Tests.Server;

/// <summary>Pipeline runs over HTTP.</summary>
public sealed class PipelineRunTests
{
    [Fact]
    public async Task Start_RawObjectChanged_IsFoundAndReingestedWhenAskedTo()
    {
        using TemporaryFolder folder = new();
        string raw = Directory.CreateDirectory(folder.Combine("lake/raw/transaction")).FullName;
        string file = Path.Combine(raw, "a.json");
        await File.WriteAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);
        await using RunningService service = await RunningService.StartAsync(folder);
        Assert.False((bool)(await RunAsync(service, "{}"))["found_wanting"]!);

        await File.AppendAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);
        JsonNode changed = await RunAsync(service, "{}");
        Assert.Equal(("completed", true), ((string?)changed["status"], (bool)changed["found_wanting"]!));
        JsonNode remark = Assert.Single(Transactions(changed)["remarks"]!.AsArray())!;
        Assert.Equal(("raw/transaction/a.json", "changed"), ((string?)remark["key"], (string?)remark["state"]));

        JsonNode again = await RunAsync(service, """{"reingest": true}""");
        Assert.True((bool)again["settings"]!["reingest"]!);
        Assert.False((bool)again["found_wanting"]!);
        Assert.Equal(2, (long)Transactions(again)["records"]!);
    }

    [Fact]
    public async Task Start_ModelsChangedMeanwhile_EachRunHasThoseOfItsTime()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Combine("lake/raw/transaction"));
        string own = folder.Combine("models/gold/own.sql");
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        await using RunningService service = await RunningService.StartAsync(folder, configure: options => options with { LoadModels = () => ProjectFolder.Load(folder.Combine("models"), folder.Path) });
        Assert.Equal(HttpStatusCode.UnprocessableContent, (await service.PostAsync("/pipelines/runs", """{"select": "gold.own"}""")).Status);

        await File.WriteAllTextAsync(own, "SELECT 1", TestContext.Current.CancellationToken);
        JsonNode wrong = await RunAsync(service, """{"select": "gold.own"}""");
        Assert.Equal(("failed", "model gold.own (models/gold/own.sql): line 1: it does not begin with a header in /* */"), ((string?)wrong["status"], (string?)wrong["error"]));

        await File.WriteAllTextAsync(own, "/*\ndescription: T.\nmaterialization: table\nkey: [currency]\ncolumns:\n  currency: [STRING NOT NULL, c]\n*/\nSELECT currency FROM ref('reference.fx_rates') GROUP BY currency\n", TestContext.Current.CancellationToken);
        JsonNode right = await RunAsync(service, """{"select": "gold.own"}""");
        Assert.Equal("completed", (string?)right["status"]);
        Assert.Equal("gold.own", (string?)Assert.Single(right["report"]!["models"]!.AsArray())!["table"]);
    }

    private static JsonNode Transactions(JsonNode run) => run["report"]!["bronze"]!.AsArray().Single(table => (string?)table!["table"] == "bronze.transactions")!;

    private static async Task<JsonNode> RunAsync(RunningService service, string body)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(2));
        RunningService.Answer started = await service.PostAsync("/pipelines/runs", body);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        while (true)
        {
            JsonNode run = (await service.GetAsync(started.Headers.Location!.ToString())).Json;
            if ((string?)run["status"] is not ("scheduled" or "running"))
            {
                return run;
            }

            await Task.Yield();
            deadline.Token.ThrowIfCancellationRequested();
        }
    }
}
