using LakehouseLab.Tests.Audit;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Cli;

/// <summary>A lake of an older world: nothing makes or proves its rows, and its tables can be read.</summary>
public sealed class OlderWorldTests
{
    [Fact]
    public async Task RunAsync_LakeOfAnOlderWorld_IsRefusedNamingVersionsAndReleaseAndCanBeRead()
    {
        using AuditedLake lake = new();
        await lake.EmulateAsync(BuiltIn.Transaction, 0, 200);
        await WholeLake.RunPipelineAsync(lake.Lake);
        string emulation = Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(Path.Combine(lake.Folder, "raw", "_emulations"), "*.json").Single());
        foreach (string document in Directory.EnumerateFiles(lake.Folder, "*.json", SearchOption.AllDirectories).Where(static file => IsOfAWorld(file)))
        {
            await File.WriteAllTextAsync(document, OfVersion1(await File.ReadAllTextAsync(document, AuditedLake.Token)), AuditedLake.Token);
        }

        foreach (string command in (string[])["audit", "emulate transaction --rows 10", $"emulate transaction --emulation {emulation}", "run --rows 10", "truth transaction --rows 10", $"truth --emulation {emulation}", "serve --port 0"])
        {
            CommandRun run = await CommandRun.OfAsync([.. command.Split(' '), "--lake", lake.Folder]);
            Assert.True(run.Code == 2, $"{command}: {run.Code}, {run.Words}");
            Assert.Contains($"version 1: this program makes version {WorldSettings.CurrentVersion}; lakelab 0.1 makes its rows and can audit them", run.Words, StringComparison.Ordinal);
            Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
        }

        CommandRun read = await CommandRun.OfAsync(["query", "SELECT count(*) AS payments FROM silver.transactions", "--lake", lake.Folder]);
        Assert.True(read.Code == 0, read.Words);
        Assert.Contains("200", read.Data, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync(["tables", "--lake", lake.Folder])).Code);
    }

    private static bool IsOfAWorld(string file) => Path.GetFileName(file) == "world.json" || Path.GetFileName(Path.GetDirectoryName(file)) == "_emulations";

    private static string OfVersion1(string json)
    {
        string current = $"\"version\":{WorldSettings.CurrentVersion}";
        string packed = json.Replace("\"version\": ", "\"version\":", StringComparison.Ordinal);
        Assert.Contains(current, packed, StringComparison.Ordinal);
        return packed.Replace(current, "\"version\":1", StringComparison.Ordinal);
    }
}
