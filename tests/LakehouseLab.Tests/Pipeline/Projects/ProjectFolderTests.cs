using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Projects;

/// <summary>A folder of models of one's own.</summary>
public sealed class ProjectFolderTests
{
    private const string Counted = "/*\ndescription: T.\nmaterialization: table\nkey: [currency]\ncolumns:\n  currency: [STRING NOT NULL, c]\n  n: [BIGINT NOT NULL, n]\n*/\nSELECT currency, count(*) AS n\nFROM ref('silver.transactions') GROUP BY currency\n";

    [Fact]
    public void Create_Project_HasAnExampleThatIsAModel()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<string> files = ProjectFolder.Create(folder.Path);
        Assert.Equal([".gitignore", "lakelab.yaml", "models/gold/currency_days.sql", "tests/currency_days.yaml"], files);
        Model model = ProjectFolder.Load(Path.Combine(folder.Path, "models"), folder.Path).Find(new TableName("gold", "currency_days"))!;
        Assert.Equal("models/gold/currency_days.sql", model.File);
        Assert.Equal($"{Path.GetFileName(folder.Path)}/models/gold/currency_days.sql", model.Origin);
    }

    [Fact]
    public void Create_WhereAFileIsThere_WritesNothing()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "lakelab.yaml"), "lake: x");
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => ProjectFolder.Create(folder.Path));
        Assert.Contains("lakelab.yaml is there already", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "models")));
    }

    [Fact]
    public void Load_OwnModels_AddReplaceAndReferToBuiltInOnes()
    {
        using TemporaryFolder folder = new();
        Put(folder, "gold/own.sql", Counted);
        Put(folder, "gold/later.sql", Counted.Replace("silver.transactions", "gold.own", StringComparison.Ordinal));
        Put(folder, "gold/daily_spend.sql", Builtin("gold.daily_spend").Replace("What each person spent", "What each spent", StringComparison.Ordinal));
        Put(folder, "gold/device_activity.sql", Builtin("gold.device_activity"));
        Put(folder, "gold/.hidden.sql", "x");
        Put(folder, "_old/gold/x.sql", "x");
        ModelCatalog catalog = ProjectFolder.Load(folder.Path, folder.Path);
        Assert.Equal(ModelCatalog.BuiltIn.Models.Count + 2, catalog.Models.Count);
        Assert.NotNull(catalog.Find(new TableName("gold", "daily_spend"))!.Origin);
        Assert.Null(catalog.Find(new TableName("gold", "device_activity"))!.Origin);
        List<string> order = [.. catalog.Models.Select(model => model.Table.ToString())];
        Assert.True(order.IndexOf("gold.own") < order.IndexOf("gold.later"));
    }

    [Theory]
    [InlineData("gold/own.sql", "count(*) AS n", "avg(amount) AS n", "gold/own.sql): line 9: avg() is not allowed")]
    [InlineData("gold/own.sql", "FROM ref", "FRUM ref", "gold/own.sql): line 10: ")]
    [InlineData("gold/own.sql", "n: [BIGINT", "n: [LONG", "gold/own.sql): line 7: column n: there is no type 'LONG")]
    [InlineData("gold/own.sql", "key: [currency]", "key: [day]", "gold/own.sql): line 4: key: there is no column 'day'")]
    [InlineData("gold/own.sql", "silver.transactions", "gold.nothing", "gold/own.sql) refers to gold.nothing, which no model makes")]
    [InlineData("bronze/own.sql", "T.", "T.", "bronze/own.sql: a model is a file models/silver/NAME.sql or models/gold/NAME.sql")]
    [InlineData("own.sql", "T.", "T.", "own.sql: a model is a file models/silver/NAME.sql")]
    [InlineData("gold/My-Table.sql", "T.", "T.", "'My-Table' is not a table's name")]
    public void Load_WrongModel_IsRefusedWithFileAndLine(string file, string right, string wrong, string problem)
    {
        using TemporaryFolder folder = new();
        Put(folder, file, Counted.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(problem, Assert.Throws<InvalidRequestException>(() => ProjectFolder.Load(folder.Path, folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralWrongModels_TellsAll()
    {
        using TemporaryFolder folder = new();
        Put(folder, "gold/a.sql", Counted.Replace("count(*)", "count(nothing)", StringComparison.Ordinal));
        Put(folder, "gold/b.sql", Counted.Replace("count(*)", "lower(currency)", StringComparison.Ordinal));
        string message = Assert.Throws<InvalidRequestException>(() => ProjectFolder.Load(folder.Path, folder.Path)).Message;
        Assert.Contains("gold/a.sql): line 9: there is no column nothing here", message, StringComparison.Ordinal);
        Assert.Contains("gold/b.sql): line 9: lower() is not allowed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ReplacedModelWithoutAColumnThatOthersNeed_NamesThem()
    {
        using TemporaryFolder folder = new();
        Put(folder, "silver/transactions_daily.sql", Counted);
        string message = Assert.Throws<InvalidRequestException>(() => ProjectFolder.Load(folder.Path, folder.Path)).Message;
        Assert.Contains("model gold.daily_spend (models/gold/daily_spend.sql): line ", message, StringComparison.Ordinal);
        Assert.Contains("there is no column month here", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("there is no folder of models at 'nowhere'", Assert.Throws<InvalidRequestException>(() => ProjectFolder.Load("nowhere", folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Builtin(string table)
    {
        using StreamReader reader = new(typeof(ModelCatalog).Assembly.GetManifestResourceStream($"models.{table}.sql")!);
        return reader.ReadToEnd();
    }

    private static void Put(TemporaryFolder folder, string file, string text)
    {
        string path = Path.Combine(folder.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
