using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Repair;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>A lake of payments whose quarantine is looked at and repaired.</summary>
internal static class RepairedLake
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A payment: of a number always the same key.</summary>
    public static string Line(int number, string amount = "12.5", string merchant = "Oak") =>
        $$"""{"transaction_id":"0000abc0-0000-0000-0000-{{number:x12}}","user_id":7,"amount":{{amount}},"currency":"EUR","merchant":"{{merchant}}","timestamp":"2026-03-29T01:30:00Z","location":"Wien, AT"}""";

    public static async Task PutAsync(Lake lake, string file, params IEnumerable<string> lines) =>
        await lake.Store.PutAsync($"raw/transaction/{file}.json", Encoding.UTF8.GetBytes(string.Join('\n', lines)), Token);

    public static async Task<ModelOutcome> RunAsync(Lake lake, bool full = false)
    {
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest { Select = "silver.transactions", FullRefresh = full }, TimeProvider.System, null, Token);
        Assert.Empty(report.Failures);
        return report.Models.Single();
    }

    /// <summary>Opens a lake that has one record, which is refused.</summary>
    /// <returns>The lake, and the record's id.</returns>
    public static async Task<(Lake Lake, string Id)> RefusedAsync(TemporaryFolder folder)
    {
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await PutAsync(lake, "a", "garbage");
        await RunAsync(lake);
        return (lake, Assert.Single(await ListAsync(lake)).Id);
    }

    public static Task<ReplayOutcome> ReplayAsync(Lake lake, string id, string payload) =>
        new QuarantineRepair(lake, ModelCatalog.BuiltIn).ReplayAsync(id, Encoding.UTF8.GetBytes(payload), null, TimeProvider.System, Token);

    public static async Task<IReadOnlyList<QuarantinedRecord>> ListAsync(Lake lake) => (await new QuarantineRepair(lake, ModelCatalog.BuiltIn).ListAsync(new QuarantineFilter(), Token)).Records;

    /// <summary>Silver's rows and the quarantine, with where each comes from.</summary>
    public static async Task<List<string>> RowsAsync(Lake lake, TemporaryFolder folder) =>
    [
        .. await LakeQueries.QueryAsync(lake, folder.Path, "SELECT right(transaction_id, 3) AS n, amount, merchant, replace(_source, 'raw/transaction/', '') AS source, _offset FROM silver.transactions ORDER BY ALL", s_tables),
        .. await LakeQueries.QueryAsync(lake, folder.Path, "SELECT id, reason, payload, replace(_source, 'raw/transaction/', '') AS source, _offset FROM silver.quarantine ORDER BY ALL", s_tables),
    ];

    private static readonly LakehouseLab.Pipeline.Tables.TableName[] s_tables = [new("silver", "transactions"), LakehouseLab.Pipeline.Quarantine.QuarantineTable.Name];
}
