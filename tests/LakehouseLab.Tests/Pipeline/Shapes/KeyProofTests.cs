using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Shapes;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>When a merge may recompute touched keys alone.</summary>
public sealed class KeyProofTests
{
    [Theory]
    [InlineData("SELECT country, count(*) AS n FROM ref('silver.user_profiles_history') GROUP BY country", "country")]
    [InlineData("SELECT a.email AS country, count(*) AS n FROM ref('silver.user_profiles_history') AS a WHERE a.country <> '' GROUP BY a.email", "email")]
    [InlineData("SELECT country, n FROM (SELECT *, row_number() OVER (PARTITION BY country ORDER BY user_id, valid_from) AS n FROM ref('silver.user_profiles_history')) AS ranked WHERE n = 1", "country")]
    [InlineData("WITH t AS (SELECT * FROM ref('silver.user_profiles_history')) SELECT c AS country, max(n) AS n FROM (SELECT country, user_id FROM t) AS u(c, n) GROUP BY c", "country")]
    [InlineData("SELECT country, count(*) AS n FROM (SELECT country, user_id FROM ref('silver.user_profiles_history') UNION ALL SELECT country, 1 FROM ref('silver.user_profiles_history')) AS u GROUP BY country", "country")]
    [InlineData("SELECT DISTINCT country, 1 AS n FROM ref('silver.user_profiles_history')", "country")]
    [InlineData("WITH t AS (SELECT country, count(*) AS n FROM ref('silver.user_profiles_history') GROUP BY country) SELECT a.country, max(a.n + b.n) AS n FROM t AS a JOIN t AS b ON a.country = b.country GROUP BY a.country", "country")]
    public void Prove_KeyGoesThrough_GivesTheInputsColumn(string sql, string column) => Assert.Equal([column], Shape(sql).MergeBy);

    [Theory]
    [InlineData("SELECT translate(country, 'A', 'a') AS country, count(*) AS n FROM ref('silver.user_profiles_history') GROUP BY translate(country, 'A', 'a')", "country is computed")]
    [InlineData("SELECT country, 1 AS n FROM (SELECT max(country) AS country, email FROM ref('silver.user_profiles_history') GROUP BY email) AS t", "country is computed")]
    [InlineData("SELECT CASE WHEN user_id > 1 THEN 'a' END AS country, 1 AS n FROM ref('silver.user_profiles_history')", "country is computed")]
    [InlineData("SELECT country, row_number() OVER (ORDER BY user_id, valid_from) AS n FROM ref('silver.user_profiles_history')", "a window goes over rows of several keys")]
    [InlineData("SELECT country, count(*) OVER (PARTITION BY email) AS n FROM ref('silver.user_profiles_history')", "a window goes over rows of several keys")]
    [InlineData("SELECT t.country, max(d.payments) AS n FROM ref('silver.user_profiles_history') AS t JOIN ref('gold.daily_spend') AS d ON t.user_id = d.user_id GROUP BY t.country", "it reads more than one table")]
    [InlineData("SELECT a.country, count(*) AS n FROM ref('silver.user_profiles_history') AS a JOIN ref('silver.user_profiles_history') AS b ON a.user_id = b.user_id GROUP BY a.country", "a JOIN puts rows of several keys together")]
    [InlineData("SELECT country, user_id AS n FROM ref('silver.user_profiles_history') ORDER BY n, country LIMIT 3", "LIMIT takes the first rows of all keys")]
    [InlineData("SELECT country, 1 AS n FROM (SELECT DISTINCT email FROM ref('silver.user_profiles_history')) AS t CROSS JOIN (SELECT max(country) AS country FROM ref('silver.user_profiles_history')) AS u", "country is computed")]
    [InlineData("SELECT country, count(*) AS n FROM ref('silver.user_profiles_history') WHERE user_id IN (SELECT max(user_id) FROM ref('silver.user_profiles_history')) GROUP BY country", "an aggregate without GROUP BY puts all rows together")]
    [InlineData("SELECT country, count(*) AS n FROM ref('silver.user_profiles_history') WHERE user_id IN (SELECT user_id FROM ref('silver.user_profiles_history')) GROUP BY country", "a query in an expression reads rows of all keys")]
    [InlineData("SELECT country, 1 AS n FROM (SELECT country FROM ref('silver.user_profiles_history') UNION ALL SELECT 'XX') AS t", "country is computed")]
    [InlineData("SELECT country, count(*) AS n FROM (SELECT max(user_id) AS u, country FROM ref('silver.user_profiles_history') GROUP BY email, country, user_id) AS t GROUP BY country", null)]
    public void Prove_RowsOfOtherKeysCount_SaysWhy(string sql, string? reason) => Assert.Equal(reason, Shape(sql).Whole);

    [Fact]
    public void Prove_KeyOfAnotherType_SaysWhy() =>
        Assert.Equal(
            "country has another type than valid_from of silver.user_profiles_history",
            ShapeOf.Model("materialization: incremental\nstrategy: merge\nkey: [country]", "country DATE; n BIGINT", "SELECT valid_from AS country, count(*) AS n FROM ref('silver.user_profiles_history') GROUP BY valid_from").Whole);

    [Fact]
    public void Prove_ModelsOfTheProgram_AreIncrementalAndTheirKeysUnique()
    {
        ModelCatalog catalog = ModelCatalog.BuiltIn;
        Assert.All(catalog.Models, model => Assert.Null(catalog.ShapeOf(model).Whole));
        Assert.All(catalog.Models.Where(model => model.Materialization != Materialization.Append), model => Assert.True(catalog.ShapeOf(model).IsKeyUnique, model.File));
    }

    private static ModelShape Shape(string sql) => ShapeOf.Model("materialization: incremental\nstrategy: merge\nkey: [country]", "country STRING; n BIGINT", sql);
}
