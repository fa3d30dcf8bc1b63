using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>A table that the program itself keeps and that cannot be read fails the models that need it, and no others.</summary>
public sealed class BrokenReferenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reference/fx_rates")]
    [InlineData("silver/quarantine")]
    public async Task RunAsync_LogDamaged_FailsOnlyTheModelsThatNeedIt(string folderOfTable)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        await OwnModel.PutPaymentsAsync(lake, "one", (1, "x", "2026-01-01T00:00:00Z"));
        await lake.Store.PutAsync($"{folderOfTable}/_delta_log/00000000000000000000.json", "{"u8.ToArray(), Token);

        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest(), TimeProvider.System, null, Token);
        string[] failed = [.. report.Models.Where(model => model.State == ModelState.Failed).Select(model => model.Table)];
        bool isQuarantine = folderOfTable == "silver/quarantine";
        string[] needing =
        [
            .. ModelCatalog.BuiltIn.Models
                .Where(model => isQuarantine ? model.Sql.Source is not null : model.Sql.Inputs.Contains(LakehouseLab.Pipeline.Models.ReferenceTable.FxRates.Table))
                .Select(model => model.Table.ToString()),
        ];
        Assert.NotEmpty(needing);
        Assert.Equal(needing, failed);
        Assert.All(report.Failures, failure => Assert.Contains(folderOfTable, failure, StringComparison.Ordinal));
        Assert.Contains(report.Models, model => model.State is ModelState.Updated or ModelState.Skipped);
    }
}
