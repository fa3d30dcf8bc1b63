using System.Globalization;
using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>Whatever a model is and however its input is split: increments give the rows of a full run, or the model is refused.</summary>
public sealed class IncrementalEqualsFullTests
{
    private const int Models = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Run_RandomModelsAndSplits_EqualAFullRefresh(int seed)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        RandomModel random = new((ulong)seed);
        (ModelCatalog catalog, List<Model> models) = Catalogue(random);
        PipelineRequest request = new() { Catalog = catalog, Select = $"silver.transactions,{string.Join(',', models.Select(static model => model.Table))}", MemoryLimit = 1L << 30 };
        for (int piece = 0; piece < 3; piece++)
        {
            await lake.Store.PutAsync($"raw/transaction/{piece}.json", Encoding.UTF8.GetBytes(Payments(random, piece)), TestContext.Current.CancellationToken);
            await RunAsync(request);
        }

        List<string> incremental = await RowsAsync();
        await RunAsync(request with { FullRefresh = true });
        List<string> full = await RowsAsync();
        for (int i = 0; i < models.Count; i++)
        {
            Assert.True(incremental[i] == full[i], $"{models[i].Sql.Text}\n{catalog.ShapeOf(models[i]).Whole ?? "incremental"}, key {string.Join(", ", models[i].Key)}\n-- incremental\n{incremental[i]}\n-- full\n{full[i]}");
        }

        Assert.Contains(models, model => catalog.ShapeOf(model).Whole is null);
        Assert.Contains(models, model => catalog.ShapeOf(model).Whole is not null);

        async Task RunAsync(PipelineRequest asked) => Assert.Empty((await PipelineRun.RunAsync(lake, asked, TimeProvider.System, null, TestContext.Current.CancellationToken)).Failures);

        async Task<List<string>> RowsAsync()
        {
            List<string> rows = [];
            foreach (Model model in models)
            {
                rows.Add(string.Join('\n', await LakeQueries.QueryAsync(lake, folder.Path, $"SELECT * FROM {model.Table} ORDER BY ALL", [model.Table])));
            }

            return rows;
        }
    }

    private static (ModelCatalog Catalog, List<Model> Models) Catalogue(RandomModel random)
    {
        List<Model> models = [];
        ModelCatalog catalog = ModelCatalog.BuiltIn;
        while (models.Count < Models)
        {
            Model model = random.Make(string.Create(CultureInfo.InvariantCulture, $"r{models.Count}"));
            try
            {
                catalog = catalog.With([model]);
                models.Add(model);
            }
            catch (ModelException refusal) when (refusal.Message.Contains("rows that tie", StringComparison.Ordinal))
            {
                // Refused with the reason, which is as good as right.
            }
        }

        return (catalog, models);
    }

    // Few people and merchants in three months, in no order, some without a label.
    private static string Payments(RandomModel random, int piece)
    {
        StringBuilder lines = new();
        for (int i = 0; i < 12; i++)
        {
            DateOnly day = new DateOnly(2026, 1, 20).AddDays(random.Next(60));
            string label = random.Next(3) switch { 0 => "", 1 => ",\"is_fraud\":true", _ => ",\"is_fraud\":false" };
            lines.Append(CultureInfo.InvariantCulture, $$"""{"transaction_id":"00000000-0000-0000-0000-{{(piece * 100) + i:d12}}","user_id":{{1 + random.Next(4)}},"amount":12.5,"currency":"EUR","merchant":"{{(char)('A' + random.Next(3))}}","timestamp":"{{day:yyyy-MM-dd}}T{{random.Next(24):d2}}:00:00Z","location":"Paris, FR"{{label}}}""").Append('\n');
        }

        return lines.ToString();
    }
}
