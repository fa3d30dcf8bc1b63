using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.DuckDb;
using LakehouseLab.Pipeline.Models;

namespace LakehouseLab.Tests.Pipeline.DuckDb;

public sealed class MergeScopeTests
{
    [Theory]
    [InlineData("SELECT country, count(*) AS n FROM ref('silver.a') GROUP BY country")]
    [InlineData("SELECT a.country AS country, count(*) AS n FROM ref('silver.a') AS a WHERE a.country <> '' GROUP BY a.country")]
    [InlineData("SELECT country, n FROM (SELECT *, row_number() OVER (PARTITION BY country ORDER BY x) AS n FROM ref('silver.a')) AS ranked WHERE n = 1")]
    [InlineData("SELECT country, sum(x) OVER w AS n FROM ref('silver.a') WINDOW w AS (PARTITION BY country ORDER BY x)")]
    public void FindReason_KeyGoesThrough_IsNull(string sql) => Assert.Null(FindReason(sql));

    [Theory]
    [InlineData("SELECT lower(country) AS country, count(*) AS n FROM ref('silver.a') GROUP BY lower(country)", "country is computed")]
    [InlineData("SELECT lower(country) country, count(*) AS n FROM ref('silver.a') GROUP BY 1", "country is computed")]
    [InlineData("SELECT city AS country, 1 AS n FROM ref('silver.a')", "country is computed")]
    [InlineData("SELECT -country AS country, 1 AS n FROM ref('silver.a')", "country is computed")]
    [InlineData("SELECT country, n FROM (SELECT max(country) AS country, 1 AS n FROM ref('silver.a') GROUP BY city) AS t", "country is computed")]
    [InlineData("SELECT country, n FROM (SELECT lower(x), 1 FROM ref('silver.a')) AS t(country, n)", "country is computed")]
    [InlineData("SELECT CASE WHEN x THEN 'a' END country, 1 AS n FROM ref('silver.a')", "country is computed")]
    [InlineData("SELECT country, row_number() OVER (ORDER BY x) AS n FROM ref('silver.a')", "a window")]
    [InlineData("SELECT country, row_number() OVER (PARTITION BY city) AS n FROM ref('silver.a')", "a window")]
    [InlineData("SELECT country, n FROM ref('silver.a') JOIN ref('gold.b') ON TRUE", "more than one table")]
    [InlineData("WITH t AS (SELECT * FROM ref('silver.a')) SELECT country, 1 AS n FROM t", "WITH")]
    [InlineData("SELECT country, 1 AS n FROM ref('silver.a') LIMIT 3", "LIMIT")]
    [InlineData("SELECT DISTINCT ON (city) country, 1 AS n FROM ref('silver.a')", "DISTINCT ON")]
    [InlineData("SELECT country, count(*) AS n FROM ref('silver.a') GROUP BY ROLLUP (country)", "ROLLUP")]
    public void FindReason_RowsOfOtherKeysCount_SaysWhy(string sql, string reason) => Assert.Contains(reason, FindReason(sql), StringComparison.Ordinal);

    [Fact]
    public void FindReason_ModelsOfTheProgram_AreMerged() =>
        Assert.All(ModelCatalog.LoadBuiltIn().Models.Where(model => model.Materialization == Materialization.Merge), model => Assert.Null(MergeScope.FindReason(model)));

    private static string? FindReason(string sql) => MergeScope.FindReason(ModelFile.Parse(
        new TableName("gold", "t"),
        $"/*\ndescription: T.\nmaterialization: incremental\nstrategy: merge\nkey: [country]\ncolumns:\n  country: [STRING NOT NULL, c]\n  n: [BIGINT, n]\n*/\n{sql}"));
}
