using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

public sealed class SettingsTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Config_StatedInSeveralPlaces_TakesTheNearest()
    {
        using TemporaryFolder folder = new();
        string below = Directory.CreateDirectory(folder.Combine("a/b")).FullName;
        await File.WriteAllTextAsync(folder.Combine("lakelab.yaml"), "users: 20k\nseed: 1\nfraud_rate: 1%\nlake: data\n", Token);
        CommandRun run = await CommandRun.OfAsync(
            ["config", "--json", "--seed", "3"], below, new Dictionary<string, string> { ["LAKELAB_SEED"] = "2", ["LAKELAB_USERS"] = "30_000" });

        Assert.Equal(0, run.Code);
        Assert.Equal(("3", "--seed"), Find(run, "seed"));
        Assert.Equal(("30000", "LAKELAB_USERS"), Find(run, "users"));
        Assert.Equal(("0.01", $"fraud_rate in {folder.Combine("lakelab.yaml")}"), Find(run, "fraud_rate"));
        Assert.Equal(folder.Combine("data"), Find(run, "lake").Value);
        Assert.Equal(("on", "default"), Find(run, "trips"));
    }

    [Fact]
    public async Task Config_BoundLake_TakesItsWorld()
    {
        using TemporaryFolder folder = new();
        string lake = folder.Combine("lake");
        Assert.Equal(0, (await CommandRun.OfAsync(["emulate", "transaction", "--rows", "10", "--seed", "7", "--lake", lake])).Code);
        CommandRun run = await CommandRun.OfAsync(["config", "--json", "--lake", lake]);
        Assert.Equal(("7", $"{lake}/_lakelab/world.json"), Find(run, "seed"));
        Assert.Equal(("64MiB", "default"), Find(run, "max_chunk_size"));
    }

    [Theory]
    [InlineData("sed: 1", "line 1: 'sed' is not a setting; did you mean seed?; allowed are lake, models, seed,")]
    [InlineData("seed: 1\nseed: 2", "line 2")]
    [InlineData("seed:\n  value: 1", "line 2: seed must be one value")]
    [InlineData("- seed", "is not a list of settings")]
    [InlineData("seed: [", "line")]
    [InlineData("users: many", "users in {file}: 'many' is not a whole number")]
    public async Task Config_WrongFile_IsRefusedByName(string yaml, string expected)
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("lakelab.yaml");
        await File.WriteAllTextAsync(file, yaml, Token);
        CommandRun run = await CommandRun.OfAsync(["config"], folder.Path);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected.Replace("{file}", file, StringComparison.Ordinal), run.Words, StringComparison.Ordinal);
        Assert.Contains(file, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    private static (string Value, string From) Find(CommandRun run, string setting)
    {
        using JsonDocument document = JsonDocument.Parse(run.Data);
        JsonElement found = document.RootElement.GetProperty(setting);
        return (found.GetProperty("value").GetString()!, found.GetProperty("from").GetString()!);
    }
}
