using LakehouseLab.Audit;
using LakehouseLab.Audit.Gold;
using LakehouseLab.Audit.Reports;
using LakehouseLab.Audit.Tables;
using LakehouseLab.Audit.Values;
using LakehouseLab.Delta.Schema;
using LakehouseLab.Pipeline.Declarations;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.Audit;

/// <summary>Tables are declared once, where they are made; the audit is told and compares.</summary>
public sealed class DeclaredTablesTests(WholeLake whole)
{
    [Fact]
    public void BuiltIn_All_AreTheTablesOfALakeEachOnce()
    {
        string[] names = [.. BuiltInTables.All.Select(table => table.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.Subset(names.ToHashSet(), new HashSet<string>([.. Domain.All.SelectMany(domain => (string[])[$"bronze.{domain.Table}", $"silver.{domain.SilverTable}"]), "silver.quarantine", "reference.fx_rates", "gold.customer_360"]));
    }

    [Fact]
    public async Task RunAsync_TableDeclaredOtherwiseThanItsLog_IsTold()
    {
        using AuditedLake lake = await whole.CopyAsync();
        DeclaredTable[] tables = [.. BuiltInTables.All.Select(table => table.Name == "gold.daily_spend" ? table with { Schema = Retyped(table.Schema, "merchants", "string") } : table)];
        AuditReport report = await LakeAudit.RunAsync(lake.Lake, new AuditRequest(tables) { Layers = [AuditLayer.Gold] }, null, AuditedLake.Token);
        Finding finding = Assert.Single(report.Findings, finding => finding.Column == "merchants" && finding.Expected is not null);
        Assert.Equal(("gold.daily_spend", "merchants string", "merchants long"), (finding.Table, finding.Expected, finding.Found));
    }

    [Theory]
    [InlineData("STRING", FieldType.Text)]
    [InlineData("BIGINT", FieldType.Int64)]
    [InlineData("INT", FieldType.Int64)]
    [InlineData("BOOLEAN", FieldType.Boolean)]
    [InlineData("DATE", FieldType.Date)]
    [InlineData("TIMESTAMP", FieldType.Timestamp)]
    [InlineData("BINARY", FieldType.Text)]
    [InlineData("DECIMAL(9,6)", FieldType.Decimal)]
    public void Column_OfEachTypeOfAModel_IsReadAsItsValuesAreAndDeclaredAsTheLogSays(string type, FieldType read)
    {
        DeltaType declared = ColumnType.TryParse(type)!.DeltaType;
        TableColumn column = TableColumn.Of(new StructField("x", declared));
        Assert.Equal((read, ((PrimitiveType)declared).Name), (column.Type, column.LogType));
        Assert.Equal(read == FieldType.Decimal ? (9, 6) : (0, 0), (column.Precision, column.Scale));
    }

    [Fact]
    public void Column_OfATypeThatTablesDoNotHave_IsRefused() =>
        Assert.Contains("column x has type float", Assert.Throws<NotSupportedException>(() => TableColumn.Of(new StructField("x", new PrimitiveType("float")))).Message, StringComparison.Ordinal);

    [Fact]
    public void GoldTable_WhoseKeyDoesNotComeFirst_IsRefused()
    {
        DeclaredTable spend = new DeclaredTables(BuiltInTables.All).Find("gold.daily_spend");
        Assert.Equal(["month", "day", "user_id", "currency"], GoldTable.Of(AuditLayer.Gold, spend).Key.Select(column => column.Name));
        Assert.Throws<NotSupportedException>(() => GoldTable.Of(AuditLayer.Gold, spend with { Schema = new StructType([.. spend.Schema.Fields.Reverse()]) }));
    }

    private static StructType Retyped(StructType schema, string column, string type) =>
        new([.. schema.Fields.Select(field => field.Name == column ? field with { Type = new PrimitiveType(type) } : field)]);
}
