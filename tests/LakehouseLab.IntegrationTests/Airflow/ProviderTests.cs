using LakehouseLab.IntegrationTests.Service;
using LakehouseLab.Tests;
using LakehouseLab.Tests.Pages;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>The provider for Airflow: its own tests, in an environment with Airflow, beside the service of this build.</summary>
public sealed class ProviderTests
{
    [Fact]
    public async Task Pytest_InAirflowsEnvironmentBesideTheService_PassesWithoutASkip()
    {
        ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
        using TemporaryFolder state = new();
        using TemporaryFolder lake = new();
        using ServiceProcess service = await ServiceProcess.StartAsync(new Dictionary<string, string>(), lake.Path);
        string provider = Path.Combine(Page.Repository, "integrations", "airflow");
        ExternalProgram airflow = stack with
        {
            Variables = new Dictionary<string, string>
            {
                ["STACK_STATE"] = state.Path,
                ["LAKELAB_URL"] = service.Address.GetLeftPart(UriPartial.Authority),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
        };
        (int code, string output, string words) = await airflow.RunAsync("exec", "airflow", "pytest", "-c", Path.Combine(provider, "pyproject.toml"), Path.Combine(provider, "tests"));
        Assert.True(code == 0, output + words);
        Assert.Matches(@"\n\d+ passed in ", output);
    }
}
