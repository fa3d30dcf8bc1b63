using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Projects;

public sealed class ModelCatalogTests
{
    private static readonly ModelCatalog s_builtIn = ModelCatalog.BuiltIn;

    [Fact]
    public void LoadBuiltIn_Order_PutsInputsFirst()
    {
        HashSet<TableName> made = [ReferenceTable.FxRates.Table];
        foreach (Model model in s_builtIn.Models)
        {
            Assert.All(model.Sql.Inputs, input => Assert.Contains(input, made));
            made.Add(model.Table);
        }

        Assert.Equal(10, s_builtIn.Models.Count);
    }

    [Fact]
    public void LoadBuiltIn_ModelsOfSources_HaveTheDomainsFields()
    {
        foreach (Domain domain in Domain.All)
        {
            Model model = s_builtIn.Models.Single(model => model.Sql.Source == new TableName("bronze", domain.Table));
            Assert.All(domain.Schema.Fields, field => Assert.Contains(model.Columns, column => column.Name == field.Name));
            Assert.All(domain.Schema.Fields.Where(field => field.Nullable || field.IsLabel), field => Assert.True(model.Column(field.Name).Nullable));
        }
    }

    [Fact]
    public void Select_PlusAfter_AddsAllThatDepend()
    {
        string[] selected = [.. s_builtIn.Select("silver.device_logs+").Select(model => model.Table.ToString())];
        Assert.Equal(["silver.device_logs", "gold.device_activity", "gold.customer_360"], selected);
    }

    [Fact]
    public void Select_PlusBefore_AddsAllThatIsNeeded()
    {
        string[] selected = [.. s_builtIn.Select("+gold.daily_spend").Select(model => model.Table.ToString())];
        Assert.Equal(["silver.transactions", "silver.transactions_daily", "gold.daily_spend"], selected);
    }

    [Fact]
    public void Select_UnknownTable_IsRefusedNamingIt()
    {
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => s_builtIn.Select("gold.nothing+"));
        Assert.Contains("gold.nothing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_CircleOfModels_IsRefusedNamingIt()
    {
        Model Make(string name, string input) => ModelFile.Parse(
            new TableName("gold", name), $"/*\ndescription: x\nmaterialization: table\nkey: [id]\ncolumns:\n  id: [BIGINT, x]\n*/\nSELECT id FROM ref('gold.{input}')");
        ModelException refusal = Assert.Throws<ModelException>(() => new ModelCatalog([Make("a", "b"), Make("b", "a")]));
        Assert.Contains("gold.a → gold.b → gold.a", refusal.Message, StringComparison.Ordinal);
    }
}
