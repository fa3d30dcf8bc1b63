using System.Runtime.CompilerServices;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>The README of the Spark Connect client shows code that runs, with the output that it has.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Readme_Example_IsTheCodeHereAndWritesWhatItShows()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string here = Path.GetDirectoryName(ThisFile())!;
        string readme = await File.ReadAllTextAsync(Path.Combine(here, "..", "..", "..", "src", "LakehouseLab.SparkConnect", "README.md"), cancellation);
        string[] code = await File.ReadAllLinesAsync(Path.Combine(here, "ReadmeExample.cs"), cancellation);
        int begin = Array.IndexOf(code, "    // README begins");
        int end = Array.IndexOf(code, "    // README ends");
        string example = string.Join('\n', code[(begin + 1)..end].Select(static line => line.Length > 4 ? line[4..] : ""));
        Assert.Contains($"```csharp\n{example}\n```", readme, StringComparison.Ordinal);

        using TemporaryFolder folder = new();
        using StringWriter output = new() { NewLine = "\n" };
        await ReadmeExample.CountSalesAsync(await StackSystem.FindAsync("SPARK_REMOTE", "spark"), Path.Combine(folder.Path, "sales"), output);
        Assert.Equal(output.ToString(), readme.Split("```text\n")[1].Split("```")[0]);
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
