using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Tests.Pipeline.Models;

public sealed class ModelFileTests
{
    private const string Header =
        """
        description: Things.
        materialization: incremental
        strategy: replace_partitions
        partition_by: month
        key: [id]
        event_time: day
        reach: 3
        columns:
          id: [BIGINT NOT NULL, The thing.]
          month: [DATE NOT NULL, Its month.]
          day: [DATE NOT NULL, Its day.]
          amount: ["DECIMAL(18,4)", What it costs.]
        """;

    [Fact]
    public void Parse_WholeModel_HasAllItDeclares()
    {
        Model model = Parse(Header, "SELECT * FROM ref('silver.a') JOIN REF ( 'gold.b' ) ON TRUE");
        Assert.Equal(Materialization.ReplacePartitions, model.Materialization);
        Assert.Equal(3, model.ReachDays);
        Assert.Equal([new TableName("silver", "a"), new TableName("gold", "b")], model.Inputs);
        Assert.Equal("DECIMAL(18,4)", model.Column("amount").Type.Name);
        Assert.True(model.Column("amount").Nullable);
        Assert.False(model.Column("id").Nullable);
        Assert.Equal("SELECT * FROM [silver.a] JOIN [gold.b] ON TRUE", model.Sql.Compile(table => $"[{table}]"));
    }

    [Theory]
    [InlineData("strategy: replace_partitions", "strategy: upsert", "'upsert'")]
    [InlineData("partition_by: month", "partition_by: week", "'week'")]
    [InlineData("key: [id]", "key: [nothing]", "key")]
    [InlineData("reach: 3", "reaches: 3", "'reaches'")]
    [InlineData("[BIGINT NOT NULL, The thing.]", "[HUGEINT, The thing.]", "'HUGEINT'")]
    [InlineData("[BIGINT NOT NULL, The thing.]", "BIGINT", "column id")]
    [InlineData("event_time: day", "event_time: hour", "'hour'")]
    public void Parse_WrongHeader_IsRefusedNamingIt(string right, string wrong, string named)
    {
        ModelException refusal = Assert.Throws<ModelException>(() => Parse(Header.Replace(right, wrong, StringComparison.Ordinal), "SELECT 1"));
        Assert.Contains("gold.things", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT avg(x) FROM ref('silver.a')")]
    [InlineData("SELECT * FROM ref(silver.a)")]
    [InlineData("SELECT * FROM source('bronze.a')")]
    [InlineData("SELECT 'x FROM ref('silver.a')")]
    [InlineData("SELECT * FROM ref('bronze.a')")]
    public void Parse_WrongQuery_IsRefused(string sql) => Assert.Throws<ModelException>(() => Parse(Header, sql));

    [Fact]
    public void Parse_OtherText_HasOtherDefinition() =>
        Assert.NotEqual(Parse(Header, "SELECT 1").Definition, Parse(Header, "SELECT 2").Definition);

    private static Model Parse(string header, string sql) => ModelFile.Parse(new TableName("gold", "things"), $"/*\n{header}\n*/\n{sql}\n");
}
