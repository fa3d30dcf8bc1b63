using System.Text.Json;
using System.Text.RegularExpressions;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Service;

/// <summary>The rules and the dashboard that come with the project, held against a real Prometheus and a real service.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "observability");
    private static readonly string s_rules = Path.Combine(s_folder, "rules.yml");

    [Fact]
    public async Task Rules_PromtoolChecksThem_AreSound()
    {
        ExternalProgram prometheus = ExternalProgram.Find("LAKELAB_PROMETHEUS");
        ExternalProgram promtool = new(Path.Combine(Path.GetDirectoryName(prometheus.Path)!, "promtool"));
        (int code, string output, string words) = await promtool.RunAsync("check", "config", Path.Combine(s_folder, "prometheus.yml"));
        Assert.True(code == 0, output + words);
    }

    [Fact]
    public async Task Queries_OfDashboardAndRules_FindWhatTheServiceTells()
    {
        ExternalProgram program = ExternalProgram.Find("LAKELAB_PROMETHEUS");
        using TemporaryFolder folder = new();
        using ServiceProcess service = await ServiceProcess.StartAsync(new Dictionary<string, string>(), Path.Combine(folder.Path, "lake"));
        Guid emulation = await service.PostAsync(new { emulator_sync = "local", emulation_domain = "transaction", rows = 1_000 });
        await service.WaitAsync(emulation, static (status, _) => status == "completed");
        using PrometheusProcess prometheus = await PrometheusProcess.StartAsync(
            program.Path, Directory.CreateDirectory(Path.Combine(folder.Path, "prometheus")).FullName, s_rules, service.Address);
        await service.StartTaskAsync("/pipelines/runs");
        await service.StartTaskAsync("/audits");
        await prometheus.WaitForAsync("lakelab_audits_total{verdict=\"clean\"} > 0");

        foreach (string query in await QueriesAsync())
        {
            await prometheus.QueryAsync(query);
            foreach (Match metric in Metric().Matches(query))
            {
                Assert.True((await prometheus.QueryAsync(metric.Value)).Count > 0, $"{query}: the service does not tell {metric.Value}");
            }
        }
    }

    private static async Task<IReadOnlyList<string>> QueriesAsync()
    {
        using JsonDocument dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(s_folder, "grafana", "dashboards", "lakelab.json"), TestContext.Current.CancellationToken));
        IEnumerable<string> panels = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray()).Select(static target => target.GetProperty("expr").GetString()!);
        IEnumerable<string> rules = (await File.ReadAllLinesAsync(s_rules, TestContext.Current.CancellationToken))
            .Select(static line => line.Trim()).Where(static line => line.StartsWith("expr: ", StringComparison.Ordinal)).Select(static line => line["expr: ".Length..]);
        return [.. panels, .. rules];
    }

    // Recorded series have colons; those of metrics that the service tells have none.
    [GeneratedRegex(@"\blakelab_\w+(?![\w:])")]
    private static partial Regex Metric();
}
