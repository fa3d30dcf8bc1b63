namespace LakehouseLab.IntegrationTests;

/// <summary>Real Delta tables that others wrote: the basic ones right, those of unsupported features never wrong, the broken ones refused.</summary>
public sealed class GoldenTablesTests
{
    [Fact]
    public async Task Query_TablesOfOthers_AreRightOrRefused()
    {
        ExternalProgram check = ExternalProgram.Find("LAKELAB_GOLDEN_TABLES");
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "lakelab.exe" : "lakelab");
        (int code, string output, string words) = await check.RunAsync("--cmd", $"'{program}' query --format json {{sql}}", "--jobs", "2");
        Assert.True(code == 0, output + words);
        Assert.Contains("cases as they must be", output, StringComparison.Ordinal);
    }
}
