using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The provider for Airflow, its tests and the example DAGs, read by ruff and pyright, which come from npm.</summary>
public sealed class ProviderLintTests
{
    private static string Provider => Path.Combine(Page.Repository, "integrations", "airflow");

    [Fact]
    public async Task RuffAndPyright_OverAllOfIt_FindNothing()
    {
        ExternalProgram npm = ExternalProgram.Find("LAKELAB_NPM");
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Provider, "lint")))
        {
            File.Copy(file, folder.Combine(Path.GetFileName(file)));
        }

        await DoneAsync(npm.RunAsync("ci", "--prefix", folder.Path, "--no-audit", "--no-fund", "--ignore-scripts"));
        await DoneAsync(npm.RunAsync("run", "--silent", "--prefix", folder.Path, "ruff", "--", Provider));

        // It resolves imports in the environment that has Airflow.
        ExternalProgram airflow = stack with { Variables = new Dictionary<string, string> { ["STACK_STATE"] = folder.Combine("stack") } };
        string python = (await DoneAsync(airflow.RunAsync("exec", "airflow", "python", "-c", "import sys; print(sys.executable)"))).Trim();
        await DoneAsync(npm.RunAsync("run", "--silent", "--prefix", folder.Path, "pyright", "--", "--warnings", "--pythonpath", python, "-p", Path.Combine(Provider, "pyproject.toml")));
    }

    private static async Task<string> DoneAsync(Task<(int Code, string Output, string Words)> command)
    {
        (int code, string output, string words) = await command;
        Assert.True(code == 0, output + words);
        return output;
    }
}
