using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Runs a model of a test's own over the tables of a lake.</summary>
internal static class OwnModel
{
    /// <summary>Runs a model beside those that come with the program.</summary>
    public static async Task<ModelOutcome> RunAsync(Lake lake, string table, string text, bool full = false)
    {
        Model model = ModelFile.Parse(TableName.TryParse(table)!, text);
        IEnumerable<Model> made = model.Sql.Inputs.Where(input => ModelCatalog.BuiltIn.Find(input) is null && input.Layer == "gold")
            .Select(input => ModelFile.Parse(input, Text("key: [n]", ["n: [BIGINT, n]", "transaction_id: [STRING, t]"], "SELECT 1 AS n, '' AS transaction_id")));
        ModelCatalog catalog = ModelCatalog.BuiltIn.With([.. made, model]);
        await using DuckDbEngine engine = new(lake, new DuckDbOptions(1L << 30, 2), TimeProvider.System);
        TableVersions versions = new(lake);
        return await new ModelRunner(versions, new TableCreation(versions, TimeProvider.System), catalog, engine, TimeProvider.System).RunAsync(model, new PipelineRequest { Catalog = catalog, FullRefresh = full }, TestContext.Current.CancellationToken);
    }

    /// <summary>The text of a model that is made as a whole.</summary>
    public static string Text(string header, IEnumerable<string> columns, string sql) =>
        $"/*\ndescription: A test's.\nmaterialization: table\n{header}\ncolumns:\n  {string.Join("\n  ", columns)}\n*/\n{sql}\n";

    /// <summary>Puts payments into a lake and takes them to Silver: number n is of person n.</summary>
    public static async Task PutPaymentsAsync(Lake lake, string file, params IEnumerable<(int Number, string Merchant, string Timestamp)> payments)
    {
        IEnumerable<string> lines = payments.Select(payment =>
            $$"""{"transaction_id":"00000000-0000-0000-0000-{{payment.Number:d12}}","user_id":{{payment.Number}},"amount":12.5,"currency":"EUR","merchant":"{{payment.Merchant}}","timestamp":"{{payment.Timestamp}}","location":"Paris, FR","is_fraud":false}""");
        await lake.Store.PutAsync($"raw/transaction/{file}.json", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), TestContext.Current.CancellationToken);
        PipelineReport report = await PipelineRun.RunAsync(lake, new PipelineRequest { Select = "silver.transactions" }, TimeProvider.System, null, TestContext.Current.CancellationToken);
        Assert.Empty(report.Failures);
    }
}
