using System.Text.Json;

namespace LakehouseLab.Tests.Cli;

/// <summary>A project as a user meets it: made, run, audited, and run without it.</summary>
public sealed class ProjectCommandTests
{
    [Fact]
    public async Task Init_ThenRun_MakesTheExampleAndSaysWhereItComesFrom()
    {
        using TemporaryFolder folder = new();
        CommandRun made = await CommandRun.OfAsync(["init", "shop"], folder: folder.Path);
        Assert.Equal(0, made.Code);
        string project = Path.Combine(folder.Path, "shop");
        string inner = Directory.CreateDirectory(Path.Combine(project, "models", "deep")).FullName;
        Assert.Equal(0, (await CommandRun.OfAsync(["emulate", "transaction", "--rows", "500", "-q"], folder: project)).Code);
        CommandRun run = await CommandRun.OfAsync(["pipeline", "run", "--select", "+gold.currency_days"], folder: inner);
        Assert.Equal(0, run.Code);
        Assert.Contains("gold.currency_days", run.Data, StringComparison.Ordinal);
        JsonElement[] listed = [.. JsonDocument.Parse((await CommandRun.OfAsync(["pipeline", "list", "--json"], folder: project)).Data).RootElement.EnumerateArray()];
        Assert.Equal("models/gold/currency_days.sql", ModelOf("gold.currency_days"));
        Assert.Equal("built-in", ModelOf("gold.daily_spend"));
        CommandRun again = await CommandRun.OfAsync(["init"], folder: project);
        Assert.Equal(2, again.Code);
        Assert.Contains("is there already", again.Words, StringComparison.Ordinal);

        string ModelOf(string table) => listed.Single(model => model.GetProperty("table").GetString() == table).GetProperty("model").GetString()!;
    }

    [Fact]
    public async Task Run_WithoutTheProject_LeavesItsTablesAloneUntilToldOtherwise()
    {
        using TemporaryFolder folder = new();
        string lake = Path.Combine(folder.Path, "lake");
        string models = Path.Combine(folder.Path, "shop", "models");
        Directory.CreateDirectory(Path.Combine(models, "silver"));
        Directory.CreateDirectory(Path.Combine(models, "gold"));
        string builtIn = await BuiltInAsync("models.silver.transactions_daily.sql");
        File.WriteAllText(Path.Combine(models, "silver", "transactions_daily.sql"), builtIn.Replace("count(*) AS payments", "count(*) + 0 AS payments", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(models, "gold", "own.sql"), "/*\ndescription: T.\nmaterialization: table\nkey: [currency]\ncolumns:\n  currency: [STRING NOT NULL, c]\n  n: [BIGINT NOT NULL, n]\n*/\nSELECT currency, count(*) AS n FROM ref('silver.transactions') GROUP BY currency\n");
        await CommandRun.OfAsync(["emulate", "transaction", "--rows", "500", "-q", "--lake", lake]);
        Assert.Equal(0, (await CommandRun.OfAsync(["pipeline", "run", "--lake", lake])).Code);
        CommandRun replaced = await CommandRun.OfAsync(["pipeline", "run", "--lake", lake, "--models", models]);
        Assert.Equal(0, replaced.Code);
        Assert.Contains("shop/models/silver/transactions_daily.sql replaces the model", replaced.Data, StringComparison.Ordinal);

        CommandRun audit = await CommandRun.OfAsync(["audit", "--lake", lake]);
        Assert.Equal(0, audit.Code);
        Assert.Contains("a model of a project made it: shop/models/silver/transactions_daily.sql", audit.Data, StringComparison.Ordinal);
        Assert.Contains("a model of a project made it: shop/models/gold/own.sql", audit.Data, StringComparison.Ordinal);
        Assert.Contains("it is made from silver.transactions_daily, which is not audited", audit.Data, StringComparison.Ordinal);
        Assert.Contains("✓  silver  silver.transactions ", audit.Data, StringComparison.Ordinal);

        await CommandRun.OfAsync(["emulate", "transaction", "--rows", "500", "--first-row", "next", "-q", "--lake", lake]);
        string before = await CountAsync("silver.transactions_daily");
        string plan = (await CommandRun.OfAsync(["pipeline", "plan", "--lake", lake])).Data;
        string run = (await CommandRun.OfAsync(["pipeline", "run", "--lake", lake])).Data;
        Assert.All([plan, run], text => Assert.Contains("left alone: shop/models/silver/transactions_daily.sql made it", text, StringComparison.Ordinal));
        Assert.All([plan, run], text => Assert.Contains("left alone: shop/models/gold/own.sql made it; run in that project", text, StringComparison.Ordinal));
        Assert.Equal(before, await CountAsync("silver.transactions_daily"));
        Assert.Contains("1000", await CountAsync("silver.transactions"), StringComparison.Ordinal);

        await CommandRun.OfAsync(["pipeline", "run", "--full-refresh", "--lake", lake]);
        Assert.Equal(before, await CountAsync("silver.transactions_daily"));
        await CommandRun.OfAsync(["pipeline", "run", "--full-refresh", "--select", "silver.transactions_daily+", "--lake", lake]);
        Assert.NotEqual(before, await CountAsync("silver.transactions_daily"));
        CommandRun whole = await CommandRun.OfAsync(["audit", "--lake", lake]);
        Assert.Equal(0, whole.Code);
        Assert.DoesNotContain("silver.transactions_daily, which", whole.Data, StringComparison.Ordinal);

        async Task<string> CountAsync(string table) => (await CommandRun.OfAsync(["query", $"SELECT count(*) AS n FROM {table}", "--json", "--lake", lake])).Data;
    }

    [Fact]
    public async Task Run_WrongModel_EndsWithOneLineBeforeAnyTable()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.Path, "models", "gold"));
        File.WriteAllText(Path.Combine(folder.Path, "models", "gold", "own.sql"), "SELECT 1");
        CommandRun run = await CommandRun.OfAsync(["pipeline", "list", "--models", "models"], folder: folder.Path);
        Assert.Equal(2, run.Code);
        Assert.Equal("lakelab: model gold.own (models/gold/own.sql): line 1: it does not begin with a header in /* */", run.Words.Trim());
    }

    private static async Task<string> BuiltInAsync(string name)
    {
        using StreamReader reader = new(typeof(LakehouseLab.Pipeline.Projects.ModelCatalog).Assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
