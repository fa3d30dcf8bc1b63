using System.Text.Json;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.World.Schemas;

public sealed class SchemaDocumentTests
{
    public static TheoryData<string> Domains { get; } = [.. Domain.All.Select(schema => schema.Name)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void ToJsonSchema_EveryDomain_HasItsFieldsAndRequiresThoseNeverAbsent(string domain)
    {
        DomainSchema schema = Domain.Find(domain)!.Schema;
        using JsonDocument document = JsonDocument.Parse(SchemaDocument.ToJsonSchema(schema));
        Assert.Equal(schema.Fields.Select(field => field.Name), document.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            schema.Fields.Where(field => !field.Nullable).Select(field => field.Name),
            document.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void ToAvro_EveryDomain_HasItsFieldsAndNullOnlyWhereAbsent(string domain)
    {
        DomainSchema schema = Domain.Find(domain)!.Schema;
        using JsonDocument document = JsonDocument.Parse(SchemaDocument.ToAvro(schema));
        Assert.Equal(
            schema.Fields.Select(field => (field.Name, field.Nullable)),
            document.RootElement.GetProperty("fields").EnumerateArray()
                .Select(field => (field.GetProperty("name").GetString()!, field.GetProperty("type").ValueKind == JsonValueKind.Array)));
    }

    [Fact]
    public void ToAvro_Amount_IsADecimalInBytes()
    {
        using JsonDocument document = JsonDocument.Parse(SchemaDocument.ToAvro(BuiltIn.Transaction.Schema));
        Assert.Equal(
            """{"type":"bytes","logicalType":"decimal","precision":15,"scale":4}""",
            JsonSerializer.Serialize(document.RootElement.GetProperty("fields")[2].GetProperty("type")));
    }

    [Fact]
    public void ToSql_Transaction_DeclaresTypesAndNulls()
    {
        string[] lines = [.. SchemaDocument.ToSql(BuiltIn.Transaction.Schema).Split('\n').Select(line => line.Split(" -- ")[0])];
        Assert.Equal(
            [
                "-- A card payment.", "CREATE TABLE transactions (", "  transaction_id STRING NOT NULL,", "  user_id BIGINT NOT NULL,", "  amount DECIMAL(15,4) NOT NULL,",
                "  currency STRING NOT NULL,", "  merchant STRING NOT NULL,", "  timestamp TIMESTAMP NOT NULL,", "  location STRING NOT NULL,", "  is_fraud BOOLEAN NOT NULL", ");", "",
            ],
            lines);
    }

    [Fact]
    public void ToCsvHeader_DeviceLog_IsItsFieldsInOrder() =>
        Assert.Equal(
            "log_id,user_id,device_id,device_type,os,ip_address,location,user_agent,login_timestamp,logout_timestamp\n",
            SchemaDocument.ToCsvHeader(BuiltIn.DeviceLog.Schema));
}
