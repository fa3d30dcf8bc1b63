using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

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
    [InlineData("event_time: day", "event_time: id", "event_time: there is no column 'id' of type DATE or TIMESTAMP")]
    [InlineData("[DATE NOT NULL, Its month.]", "[DATE, Its month.]", "column month must be DATE NOT NULL")]
    [InlineData("reach: 3", "reach: -3", "reach: '-3' is not a whole number of days from 0 to 36,500")]
    [InlineData("reach: 3", "reach: 99999999999", "reach: '99999999999' is not a whole number of days")]
    [InlineData("DECIMAL(18,4)", "DECIMAL(4,18)", "there is no type 'DECIMAL(4,18)'")]
    [InlineData("reach: 3", "reach: 3\n reach: 4", "line 9: its header is not YAML: ")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, tolerance: 5%}]", "expectation 'e': tolerance: '5%' is not a share from 0 to 1: write 0.05")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, tolerance: 5}]", "tolerance: '5' is not a share")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, fail: 2}]", "fail: '2' is not a share")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, warn: 0.1, fail: 0.05}]", "it fails at a smaller share (0.05) than it warns at (0.1)")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: drop, warn: 0.1, fail: 0.05}]", "it fails at a smaller share (0.05) than it warns at (0.1)")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: fail, warn: 0.1}]", "it fails at a smaller share (0) than it warns at (0.1)")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: fail, fail: 0.1, tolerance: 0.1}]", "tolerance and fail are the same share")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn}, {name: e, check: TRUE, on_violation: drop}]", "expectation 'e': another one has that name")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, warn: 0.1, tolerance: 0.1}]", "tolerance and warn are the same share")]
    [InlineData("reach: 3", "reach: 3\nexpectations: [{name: e, check: TRUE, on_violation: warn, tolerence: 0.5}]", "'tolerence' is not a key of an expectation")]
    public void Parse_WrongHeader_IsRefusedNamingIt(string right, string wrong, string named)
    {
        ModelException refusal = Assert.Throws<ModelException>(() => Parse(Header.Replace(right, wrong, StringComparison.Ordinal), "SELECT 1"));
        Assert.Contains("gold.things (models/gold/things.sql): ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT x:: INT FROM ref('silver.a')")]
    [InlineData("SELECT * FROM ref(silver.a)")]
    [InlineData("SELECT * FROM source('bronze.a')")]
    [InlineData("SELECT 'x FROM ref('silver.a')")]
    [InlineData("SELECT * FROM ref('bronze.a')")]
    public void Parse_WrongQuery_IsRefused(string sql) => Assert.Throws<ModelException>(() => Parse(Header, sql));

    [Theory]
    [InlineData("", "SELECT transaction_id, _batch, _source, _offset, _ingested_at FROM source('bronze.transactions')", null)]
    [InlineData("", "SELECT * FROM source('bronze.transactions')\nWHERE amount > 0", "line 15: WHERE is not allowed in a model of a source(): write an expectation with on_violation: quarantine")]
    [InlineData("", "SELECT DISTINCT * FROM source('bronze.transactions')", "line 14: DISTINCT is not allowed in a model of a source(): records are deduplicated by the model's key")]
    [InlineData("", "SELECT * FROM source('bronze.transactions') JOIN ref('silver.a') ON TRUE", "line 14: JOIN is not allowed in a model of a source()")]
    [InlineData("", "SELECT * FROM source('bronze.device_logs')", "key: records of bronze.device_logs are deduplicated by log_id: write key: [log_id]")]
    [InlineData("", "SELECT * FROM source('bronze.nothing')", "source('bronze.nothing'): source() names one of bronze.")]
    public void Parse_ModelOfASource_KeepsEachRecordAndWhereItComesFrom(string leftOut, string sql, string? problem)
    {
        string header = "description: T.\nmaterialization: incremental\nstrategy: append\nkey: [transaction_id]\ncolumns:\n  transaction_id: [STRING NOT NULL, t]\n  _batch: [BIGINT, b]\n  _source: [STRING, s]\n  _offset: [BIGINT, o]\n  _ingested_at: [TIMESTAMP, i]\n";
        string? message = Record.Exception(() => Parse(leftOut.Length == 0 ? header : header.Replace(leftOut, "", StringComparison.Ordinal), sql))?.Message;
        Assert.Equal(problem is null, message is null);
        Assert.Contains(problem ?? "", message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ModelOfASource_HasWhatTheSchemaDeclares()
    {
        const string header = "description: T.\nmaterialization: incremental\nstrategy: append\ncolumns:\n  amount: [\"DECIMAL(15,4) NOT NULL\", Mine.]\n  is_large: [BOOLEAN, Whether it is.]\n";
        Model model = Parse(header, "SELECT *, amount > 100 AS is_large FROM source('bronze.transactions')");
        Assert.Equal(
            [.. BuiltIn.Transaction.Schema.Fields.Select(field => field.Name), "is_large", "_batch", "_source", "_offset", "_ingested_at"],
            model.Columns.Select(column => column.Name));
        Assert.Equal("Mine.", model.Column("amount").Description);
        Assert.Equal(["transaction_id"], model.Key);
        Assert.Equal("timestamp", model.EventTime);
    }

    [Fact]
    public void Parse_ColumnOfTheSchemaWithAnotherType_IsRefused()
    {
        ModelException refusal = Assert.Throws<ModelException>(() => Parse(
            "description: T.\nmaterialization: incremental\nstrategy: append\ncolumns:\n  _offset: [STRING, o]\n", "SELECT * FROM source('bronze.transactions')"));
        Assert.Contains("column _offset is STRING in the header and BIGINT in the schema of its records: leave it out of columns", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OtherText_HasOtherDefinition() =>
        Assert.NotEqual(Parse(Header, "SELECT 1").Definition, Parse(Header, "SELECT 2").Definition);

    private static Model Parse(string header, string sql) => ModelFile.Parse(new TableName("gold", "things"), $"/*\n{header}\n*/\n{sql}\n");
}
