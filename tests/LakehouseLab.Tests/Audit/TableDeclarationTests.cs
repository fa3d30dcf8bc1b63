using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Silver;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.Audit;

/// <summary>The audit states by itself what tables look like; the models must say the same.</summary>
public sealed class TableDeclarationTests
{
    public static TheoryData<string> Models => [.. ModelCatalog.LoadBuiltIn().Models.Select(model => model.Table.ToString())];

    [Theory]
    [MemberData(nameof(Models))]
    public void Declaration_OfAModel_IsTheModels(string table)
    {
        Model model = ModelCatalog.LoadBuiltIn().Models.First(model => model.Table.ToString() == table);
        TableDeclaration declaration = Assert.Single(All(), declaration => declaration.Name == table);
        Assert.Equal(TextOf(model.Schema), TextOf(declaration));
        Assert.Equal(model.PartitionBy, declaration.PartitionBy);
    }

    [Fact]
    public void Declaration_OfBronzeAndQuarantine_IsTheirs()
    {
        Assert.All(DomainSchemas.All, schema => Assert.Equal(TextOf(BronzeTable.Schema), TextOf(TableDeclaration.Bronze(schema))));
        Assert.Equal(TextOf(QuarantineTable.Schema), TextOf(TableDeclaration.Quarantine));
        Assert.Equal(QuarantineTable.Partition, TableDeclaration.Quarantine.PartitionBy);
    }

    private static IEnumerable<TableDeclaration> All() =>
    [
        .. DomainSchemas.All.Select(schema => new SilverRows(AuditedLake.World.CreateFactory(schema)).Declaration),
        .. new[]
        {
            GoldTable.TransactionsDaily, GoldTable.UserProfiles, GoldTable.DailySpend, GoldTable.MerchantPerformance, GoldTable.DeviceActivity, GoldTable.Customer360, GoldTable.FraudFeatures,
        }.Select(table => table.Declaration),
    ];

    private static IEnumerable<string> TextOf(StructType schema) => schema.Fields.Select(field => $"{field.Name} {((PrimitiveType)field.Type).Name} {field.Nullable}");

    private static IEnumerable<string> TextOf(TableDeclaration declaration) => declaration.Columns.Select(column => $"{column.Name} {column.LogType} True");
}
