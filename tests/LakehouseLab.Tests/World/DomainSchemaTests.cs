using LakehouseLab.World.Schemas;

namespace LakehouseLab.Tests.World;

public sealed class DomainSchemaTests
{
    public static TheoryData<string> Domains { get; } = [.. DomainSchemas.All.Select(schema => schema.Domain)];

    [Theory]
    [MemberData(nameof(Domains))]
    public void Find_EveryDomain_HasItsKeyAndEventTimeAmongItsFields(string domain)
    {
        DomainSchema schema = Assert.IsType<DomainSchema>(DomainSchemas.Find(domain));
        Assert.All(schema.Key, name => Assert.NotEqual(-1, schema.IndexOf(name)));
        Assert.Equal(FieldType.Timestamp, schema.Fields[schema.IndexOf(schema.EventTime)].Type);
    }

    [Theory]
    [InlineData("transactions")]
    [InlineData("user_profile")]
    [InlineData("")]
    public void Find_OtherName_IsNull(string domain) => Assert.Null(DomainSchemas.Find(domain));
}
