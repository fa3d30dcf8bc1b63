using LakehouseLab.Pipeline.Failures;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>Where rows tie, engines and runs take them in any order: such a query is refused.</summary>
public sealed class OrderCheckTests
{
    [Theory]
    [InlineData("SELECT user_id AS id, row_number() OVER (PARTITION BY user_id ORDER BY timestamp) AS n FROM ref('silver.transactions')", "row_number() over rows that tie takes them in any order: end the ORDER BY of its window with transaction_id")]
    [InlineData("SELECT user_id AS id, lag(user_id, 1) OVER (ORDER BY amount) AS n FROM ref('silver.transactions')", "transaction_id")]
    [InlineData("SELECT user_id AS id, count(*) OVER (ORDER BY amount ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM ref('silver.transactions')", "transaction_id")]
    [InlineData("SELECT user_id AS id, row_number() OVER (ORDER BY count(*)) AS n FROM ref('silver.transactions') GROUP BY user_id", "all that GROUP BY names")]
    [InlineData("SELECT id, row_number() OVER (ORDER BY id) AS n FROM (SELECT user_id AS id, merchant FROM ref('silver.transactions')) AS t", "all columns (id, merchant), since none are known to be unique")]
    [InlineData("SELECT user_id AS id, 1 AS n FROM ref('silver.transactions') ORDER BY id LIMIT 3", "LIMIT over rows that tie takes any of them: end its ORDER BY with all columns (id, n)")]
    public void Run_RowsTie_IsRefusedWithWhatToOrderBy(string sql, string remedy)
    {
        string message = Assert.Throws<ModelException>(() => Shape(sql)).Message;
        Assert.Contains("own.sql): line 9: ", message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT user_id AS id, row_number() OVER (PARTITION BY user_id ORDER BY timestamp, transaction_id DESC) AS n FROM ref('silver.transactions')")]
    [InlineData("SELECT user_id AS id, rank() OVER (PARTITION BY user_id ORDER BY timestamp) AS n FROM ref('silver.transactions')")]
    [InlineData("SELECT user_id AS id, sum(user_id) OVER (ORDER BY amount) AS n FROM ref('silver.transactions')")]
    [InlineData("SELECT user_id AS id, row_number() OVER (ORDER BY count(*), user_id) AS n FROM ref('silver.transactions') GROUP BY user_id")]
    [InlineData("SELECT id, 1 AS n FROM (SELECT DISTINCT user_id AS id FROM ref('silver.transactions')) AS t ORDER BY id LIMIT 3")]
    [InlineData("SELECT id, row_number() OVER (ORDER BY id) AS n FROM (SELECT user_id AS id FROM ref('silver.transactions')) AS t")]
    public void Run_OrderIsTotal_IsAllowed(string sql) => Shape(sql);

    [Theory]
    [InlineData("SELECT user_id AS id, count(*) AS n FROM ref('silver.transactions') GROUP BY user_id", true)]
    [InlineData("SELECT user_id AS id, count(*) AS n FROM ref('silver.transactions') GROUP BY user_id, merchant", false)]
    [InlineData("SELECT max(user_id) AS id, 1 AS n FROM ref('silver.transactions')", true)]
    [InlineData("SELECT p.user_id AS id, 1 AS n FROM ref('silver.user_profiles') AS p LEFT JOIN ref('silver.transactions') AS t ON t.user_id = p.user_id", false)]
    [InlineData("SELECT p.user_id AS id, r.decimals AS n FROM ref('silver.user_profiles') AS p LEFT JOIN ref('reference.fx_rates') AS r ON r.currency = p.country", true)]
    [InlineData("SELECT user_id AS id, 1 AS n FROM ref('silver.transactions') QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY timestamp, transaction_id) = 1", true)]
    [InlineData("SELECT id, 1 AS n FROM (SELECT user_id AS id FROM ref('silver.user_profiles') UNION ALL SELECT user_id FROM ref('silver.user_profiles')) AS t", false)]
    [InlineData("SELECT user_id AS id, 1 AS n FROM ref('silver.user_profiles') UNION SELECT user_id, 1 FROM ref('silver.user_profiles')", false)]
    [InlineData("SELECT id, 1 AS n FROM (SELECT user_id AS id FROM ref('silver.user_profiles') UNION SELECT user_id FROM ref('silver.user_profiles')) AS t", true)]
    public void Shape_KeyThatTheQueryMakesUnique_IsProven(string sql, bool isUnique) => Assert.Equal(isUnique, Shape(sql).IsKeyUnique);

    private static LakehouseLab.Pipeline.Shapes.ModelShape Shape(string sql) => ShapeOf.Model("materialization: table\nkey: [id]", "id BIGINT; n BIGINT", sql);
}
