using System.Text;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>The first and the last day of the calendar stand for "never" and "for ever" in many sources: they are dates like others.</summary>
public sealed class SentinelDateTests
{
    private const string First = "0001-01-01T00:00:00Z";
    private const string Last = "9999-12-31T23:59:59.999999Z";

    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100 });

    [Theory]
    [InlineData(First, Last)]
    [InlineData(Last, First)]
    public async Task RunAsync_InIncrements_GoThroughEveryModelAndEqualAFullRefresh(string one, string other)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        foreach (Domain domain in Domain.All)
        {
            await Emulator.RunAsync(new EmulationRequest(domain, s_world, 0, 200), lake, new EmulationControl(), TestContext.Current.CancellationToken);
        }

        await RunAsync(lake);
        foreach ((string timestamp, int number) in new[] { (one, 1), (other, 2) })
        {
            await PutAsync(lake, timestamp, number);
            PipelineReport report = await RunAsync(lake);
            Assert.All(report.Models, model => Assert.Equal(ModelState.Updated, model.State));
            Assert.All((await RunAsync(lake)).Models, model => Assert.Equal(ModelState.UpToDate, model.State));
        }

        string incremental = await LakeQueries.DumpAsync(lake, folder.Path);
        foreach (string table in incremental.Split("== ").Where(table => !table.StartsWith("silver.quarantine", StringComparison.Ordinal)).Skip(1))
        {
            Assert.Contains("0001-01-01", table, StringComparison.Ordinal);
            Assert.Contains("9999-12-", table, StringComparison.Ordinal);
        }

        await RunAsync(lake, full: true);
        Assert.Equal(incremental, await LakeQueries.DumpAsync(lake, folder.Path));
    }

    // A person of its own for each, so that the newest profile is one of these too; their payments are at the same merchant.
    private static async Task PutAsync(Lake lake, string timestamp, int number)
    {
        string id = $"00000000-0000-8000-8000-00000000000{number}";
        string person = $"\"user_id\":{1_000_000 + number}";
        string day = timestamp[..10];
        await PutAsync("transaction", $$"""{"transaction_id":"{{id}}",{{person}},"amount":12.5,"currency":"EUR","merchant":"Oak","timestamp":"{{timestamp}}","location":"Paris, FR","is_fraud":false}""");
        await PutAsync("device-log", $$"""{"log_id":"{{id}}",{{person}},"device_id":"{{id}}","device_type":"mobile","os":"iOS","ip_address":"198.18.0.1","location":"Boston, US","user_agent":"x","login_timestamp":"{{timestamp}}","logout_timestamp":"{{timestamp}}"}""");
        await PutAsync("user-profile", $$"""{{{person}},"name":"Ann","email":"a@example.com","phone":"+1","date_of_birth":"{{day}}","address":"A","country":"US","signup_date":"{{timestamp}}","credit_score":700.5,"risk_level":"low"}""");

        ValueTask PutAsync(string domain, string record) =>
            lake.Store.PutAsync($"raw/{domain}/sentinel-{number}.json", Encoding.UTF8.GetBytes(record + "\n"), TestContext.Current.CancellationToken);
    }

    private static async Task<PipelineReport> RunAsync(Lake lake, bool full = false)
    {
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest { FullRefresh = full }, TimeProvider.System, null, TestContext.Current.CancellationToken);
        Assert.Empty(report.Failures);
        return report;
    }
}
