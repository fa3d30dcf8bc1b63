using System.Net;
using System.Text.Json;
using LakehouseLab.Tests.Cli;

namespace LakehouseLab.Tests.Server;

/// <summary>What the service tells of the lake's tables.</summary>
public sealed class TableListTests
{
    [Fact]
    public async Task Tables_OneIsDamaged_IsListedWithItsReasonBesideTheOthers()
    {
        using TemporaryFolder folder = new();
        string[] lake = ["--lake", folder.Combine("lake"), "--threads", "1"];
        await CommandRun.OfAsync(["emulate", "transaction", "--rows", "300", "--users", "500", "-q", .. lake]);
        Assert.Equal(0, (await CommandRun.OfAsync(["pipeline", "run", "--select", "silver.transactions", .. lake])).Code);
        await File.WriteAllTextAsync(folder.Combine("lake/silver/transactions/_delta_log/00000000000000000001.json"), "{", TestContext.Current.CancellationToken);
        await using RunningService service = await RunningService.StartAsync(folder);
        RunningService.Answer answer = await service.GetAsync("/tables");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        using JsonDocument json = JsonDocument.Parse(answer.Body);
        Dictionary<string, JsonElement> tables = json.RootElement.GetProperty("tables").EnumerateArray().ToDictionary(table => $"{table.GetProperty("layer")}.{table.GetProperty("name")}");
        Assert.Equal(300, tables["bronze.transactions"].GetProperty("rows").GetInt64());
        Assert.Contains("is damaged", tables["silver.transactions"].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(tables["silver.transactions"].TryGetProperty("rows", out _));
    }
}
