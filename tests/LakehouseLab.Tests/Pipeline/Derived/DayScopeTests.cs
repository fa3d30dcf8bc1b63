using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Derived;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Derived;

public sealed class DayScopeTests
{
    private const string Daily = "SELECT CAST(date_trunc('MONTH', day) AS DATE) AS month, day, user_id, sum(amount) AS n FROM (SELECT to_date(timestamp) AS day, user_id, amount FROM ref('silver.transactions')) AS payments GROUP BY day, user_id";

    [Fact]
    public void Holds_BuiltInModels_OfThoseWhoseRowsAreOfADay()
    {
        ModelCatalog catalog = ModelCatalog.BuiltIn;
        Assert.Equal(
            ["gold.daily_spend", "gold.fraud_features", "silver.transactions_daily"],
            catalog.Models.Where(model => model.Materialization == Materialization.ReplacePartitions && DayScope.Holds(model, catalog.Find)).Select(model => model.Table.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Daily, "", true)]
    [InlineData("SELECT CAST(date_trunc('MONTH', t.day) AS DATE) AS month, t.day AS day, user_id, sum(payments) AS n FROM ref('silver.transactions_daily') AS t GROUP BY month, t.day, user_id", "", true)]
    [InlineData("SELECT month, max(day) AS day, user_id, sum(payments) AS n FROM ref('silver.transactions_daily') GROUP BY month, user_id", "", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (PARTITION BY user_id, month) AS n FROM ref('silver.transactions_daily')", "", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (PARTITION BY user_id, month) AS n FROM ref('silver.transactions_daily')", "reach: 31", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (ORDER BY user_id) AS n FROM ref('silver.transactions_daily')", "reach: 31", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY day RANGE BETWEEN 3 PRECEDING AND 3 FOLLOWING)", "reach: 3", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY day DESC)", "reach: 3", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW)", "reach: 3", true)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW)", "", false)]
    [InlineData("SELECT month, day, user_id, payments AS n FROM ref('silver.transactions_daily') ORDER BY day LIMIT 3", "", false)]
    [InlineData("SELECT a.month, a.day, a.user_id, b.payments AS n FROM ref('silver.transactions_daily') AS a JOIN ref('gold.daily_spend') AS b ON a.user_id = b.user_id", "reach: 3", false)]
    [InlineData("SELECT a.month, a.day, a.user_id, b.payments AS n FROM ref('silver.transactions_daily') AS a JOIN ref('gold.daily_spend') AS b ON a.user_id = b.user_id AND a.day = b.day", "reach: 3", true)]
    [InlineData("SELECT month, month AS day, customers AS user_id, payments AS n FROM ref('gold.merchant_performance')", "", false)]
    public void Holds_Query_OnlyWhereTheDayDecides(string sql, string reach, bool expected)
    {
        Model model = ModelFile.Parse(new TableName("gold", "own"), $"""
            /*
            description: A test's.
            materialization: incremental
            strategy: replace_partitions
            partition_by: month
            key: [day, user_id]
            event_time: day
            {reach}
            columns:
              month: [DATE NOT NULL, m]
              day: [DATE NOT NULL, d]
              user_id: [BIGINT NOT NULL, u]
              n: [BIGINT, n]
            */
            {sql}
            """);
        Assert.Equal(expected, DayScope.Holds(model, ModelCatalog.BuiltIn.Find));
    }
}
