using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;

namespace LakehouseLab.Tests.Pipeline.Shapes;

/// <summary>When a model may recompute the months, or the days, that new input reaches alone.</summary>
public sealed class TimeProofTests
{
    private const string Payments = "SELECT transaction_id, user_id, merchant, timestamp, to_date(timestamp) AS day, unix_seconds(timestamp) AS second FROM ref('silver.transactions')";
    private const string Daily = "SELECT CAST(date_trunc('MONTH', day) AS DATE) AS month, day, user_id, count(*) AS n FROM (SELECT to_date(timestamp) AS day, user_id FROM ref('silver.transactions')) AS payments GROUP BY day, user_id";
    private const string Card = "OVER (PARTITION BY user_id ORDER BY timestamp, transaction_id)";

    [Theory]
    [InlineData("SELECT to_date(timestamp) AS day, count(*) AS n FROM ref('silver.transactions') GROUP BY to_date(timestamp)")]
    [InlineData("SELECT CAST(timestamp AS DATE) AS day, count(*) AS n FROM ref('silver.transactions') GROUP BY CAST(timestamp AS DATE), user_id")]
    [InlineData("SELECT CAST(date_trunc('MONTH', timestamp) AS DATE) AS day, count(DISTINCT user_id) AS n FROM ref('silver.transactions') GROUP BY CAST(date_trunc('MONTH', timestamp) AS DATE)")]
    [InlineData("SELECT day, sum(payments) AS n FROM ref('gold.daily_spend') AS s JOIN ref('reference.fx_rates') AS r ON r.currency = s.currency GROUP BY day")]
    [InlineData("SELECT a.day, count(*) AS n FROM ref('gold.daily_spend') AS a JOIN ref('silver.transactions_daily') AS b ON a.day = b.day GROUP BY a.day")]
    [InlineData("SELECT day, count(*) AS n FROM (SELECT day FROM ref('gold.daily_spend') UNION ALL SELECT to_date(login_timestamp) FROM ref('silver.device_logs')) AS t GROUP BY day")]
    [InlineData("SELECT day, sum(payments) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')")]
    [InlineData("SELECT day, CASE WHEN second - lag(second, 2) " + Card + " <= 604800 THEN lag(user_id, 1) " + Card + " END AS n FROM (" + Payments + ") AS p")]
    [InlineData("SELECT day, rank() OVER (PARTITION BY day ORDER BY user_id) AS n FROM ref('gold.daily_spend')")]
    [InlineData("SELECT day, sum(n) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 4 PRECEDING AND CURRENT ROW) AS n FROM (SELECT day, user_id, sum(payments) OVER (PARTITION BY currency ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')) AS s")]
    [InlineData("SELECT day, sum(n) OVER (PARTITION BY user_id, last_day(day)) AS n FROM (SELECT day, user_id, sum(payments) OVER (PARTITION BY currency ORDER BY unix_date(day) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')) AS s")]
    public void Prove_MonthsFollowFromTheirOwnInput_IsIncremental(string sql) => Assert.Null(Whole(sql));

    [Theory]
    [InlineData("SELECT min(to_date(timestamp)) AS day, count(*) AS n FROM ref('silver.transactions') GROUP BY user_id", "GROUP BY puts rows of several months together")]
    [InlineData("SELECT CAST(date_trunc('YEAR', timestamp) AS DATE) AS day, count(*) AS n FROM ref('silver.transactions') GROUP BY CAST(date_trunc('YEAR', timestamp) AS DATE)", "GROUP BY puts rows of several months together")]
    [InlineData("SELECT CAST(date_trunc('WEEK', timestamp) AS DATE) AS day, count(*) AS n FROM ref('silver.transactions') GROUP BY CAST(date_trunc('WEEK', timestamp) AS DATE)", "GROUP BY puts rows of several months together")]
    [InlineData("SELECT max(to_date(timestamp)) AS day, count(*) AS n FROM ref('silver.transactions')", "an aggregate without GROUP BY puts all rows together")]
    [InlineData("SELECT day + 1 AS day, count(*) AS n FROM ref('gold.daily_spend') GROUP BY day", "day is not made of the event_time of what it reads")]
    [InlineData("SELECT a.day, count(*) AS n FROM ref('gold.daily_spend') AS a JOIN ref('silver.transactions_daily') AS b ON a.user_id = b.user_id GROUP BY a.day", "a JOIN puts rows of several months together")]
    [InlineData("SELECT a.day, count(*) AS n FROM ref('gold.daily_spend') AS a JOIN ref('gold.daily_spend') AS b ON a.day = b.day + 1 GROUP BY a.day", "a JOIN puts rows of several months together")]
    [InlineData("SELECT s.day, count(*) AS n FROM ref('reference.fx_rates') AS r LEFT JOIN ref('gold.daily_spend') AS s ON r.currency = s.currency GROUP BY s.day", "LEFT JOIN keeps rows of a table without months")]
    [InlineData("SELECT day, count(*) AS n FROM ref('gold.daily_spend') WHERE user_id IN (SELECT user_id FROM ref('silver.transactions')) GROUP BY day", "a query in an expression reads rows of all months")]
    [InlineData("SELECT day, user_id AS n FROM ref('gold.daily_spend') ORDER BY day, n LIMIT 5", null)]
    [InlineData("SELECT day, row_number() OVER (PARTITION BY user_id ORDER BY day, currency) AS n FROM ref('gold.daily_spend')", "a window goes over rows of several months: order it by unix_date(day) with RANGE BETWEEN … PRECEDING, or partition it by the month")]
    [InlineData("SELECT day, sum(payments) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 8 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')", "a window looks back 8 days and reach is 7")]
    [InlineData("SELECT day, sum(payments) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS n FROM ref('gold.daily_spend')", "a window goes over rows of several months: order it by unix_date(day) with RANGE BETWEEN … PRECEDING, or partition it by the month")]
    [InlineData("SELECT day, sum(payments) OVER (PARTITION BY user_id ORDER BY unix_date(last_day(day)) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')", "a window goes over rows of several months: order it by unix_date(day) with RANGE BETWEEN … PRECEDING, or partition it by the month")]
    [InlineData("SELECT day, lag(user_id, 1) " + Card + " AS n FROM (" + Payments + ") AS p", "n looks back over rows, however long ago they were: leave out what was more than 604800 seconds ago")]
    [InlineData("SELECT day, CASE WHEN second - lag(second, 1) " + Card + " <= 604801 THEN 1 END AS n FROM (" + Payments + ") AS p", "n looks back over rows, however long ago they were: leave out what was more than 604800 seconds ago")]
    [InlineData("SELECT day, CASE WHEN second - lag(second, 1) " + Card + " <= 604800 THEN lag(user_id, 2) " + Card + " END AS n FROM (" + Payments + ") AS p", "n looks back over rows, however long ago they were: leave out what was more than 604800 seconds ago")]
    [InlineData("SELECT day, CASE WHEN second - lag(second, 1) " + Card + " <= 604800 THEN lag(user_id, 1) OVER (PARTITION BY merchant ORDER BY timestamp, transaction_id) END AS n FROM (" + Payments + ") AS p", "n looks back over rows, however long ago they were: leave out what was more than 604800 seconds ago")]
    [InlineData("SELECT day, count(*) AS n FROM (SELECT day, lag(user_id, 1) " + Card + " AS last FROM (" + Payments + ") AS p) AS q WHERE last = 1 GROUP BY day", "rows are chosen, grouped or ordered by values that look back over rows, however long ago they were")]
    [InlineData("SELECT day, sum(n) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 4 PRECEDING AND CURRENT ROW) AS n FROM (SELECT day, user_id, sum(payments) OVER (PARTITION BY currency ORDER BY unix_date(day) RANGE BETWEEN 4 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend')) AS s", "a window looks back 4 days over rows that look back 4, and reach is 7")]
    [InlineData("SELECT day, CASE WHEN second - lag(second, 1) " + Card + " <= 604800 THEN lag(n, 1) " + Card + " END AS n FROM (SELECT *, sum(user_id) OVER (PARTITION BY merchant ORDER BY unix_date(day) RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM (" + Payments + ") AS p) AS q", "a window looks back 7 days over rows that look back 1, and reach is 7")]
    [InlineData("SELECT day, sum(n) OVER (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) AS n FROM (SELECT day, user_id, sum(payments) OVER (PARTITION BY user_id, last_day(day)) AS n FROM ref('gold.daily_spend')) AS s", "a window looks back over rows that depend on all days of their month")]
    [InlineData("SELECT a.day, sum(n) OVER (PARTITION BY a.user_id ORDER BY unix_date(a.day) RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) AS n FROM ref('gold.daily_spend') AS a JOIN (SELECT month, sum(payments) AS n FROM ref('gold.daily_spend') GROUP BY month) AS m ON a.month = m.month", "a window looks back over rows that depend on all days of their month")]
    [InlineData("SELECT DISTINCT DATE '2026-01-01' AS day, user_id AS n FROM ref('silver.transactions')", "DISTINCT puts rows of several months together")]
    [InlineData("SELECT to_date(valid_from) AS day, count(*) AS n FROM ref('silver.user_profiles_history') GROUP BY to_date(valid_from)", "no table that it reads has an event_time")]
    public void Prove_OtherMonthsCount_SaysWhy(string sql, string? reason) => Assert.Equal(reason ?? "LIMIT takes the first rows of all months", Whole(sql));

    [Fact]
    public void Prove_BuiltInModels_OfDaysWhereTheirRowsAreOfADay()
    {
        ModelCatalog catalog = ModelCatalog.BuiltIn;
        Assert.Equal(
            ["gold.daily_spend", "gold.fraud_features", "silver.transactions_daily"],
            catalog.Models.Where(model => catalog.ShapeOf(model).IsByDay).Select(static model => model.Table.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Daily, "", true)]
    [InlineData("SELECT CAST(date_trunc('MONTH', t.day) AS DATE) AS month, t.day AS day, user_id, sum(payments) AS n FROM ref('silver.transactions_daily') AS t GROUP BY month, t.day, user_id", "", true)]
    [InlineData("SELECT month, max(day) AS day, user_id, sum(payments) AS n FROM ref('silver.transactions_daily') GROUP BY month, user_id", "", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (PARTITION BY user_id, month) AS n FROM ref('silver.transactions_daily')", "", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (PARTITION BY user_id, month) AS n FROM ref('silver.transactions_daily')", "reach: 31", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER (ORDER BY user_id) AS n FROM ref('silver.transactions_daily')", "reach: 31", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND 3 FOLLOWING)", "reach: 3", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY day DESC)", "reach: 3", false)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW)", "reach: 3", true)]
    [InlineData("SELECT month, day, user_id, sum(payments) OVER w AS n FROM ref('silver.transactions_daily') WINDOW w AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW)", "", false)]
    [InlineData("SELECT month, day, user_id, payments AS n FROM ref('silver.transactions_daily') ORDER BY month, day, user_id, n LIMIT 3", "", false)]
    [InlineData("SELECT a.month, a.day, a.user_id, b.payments AS n FROM ref('silver.transactions_daily') AS a JOIN ref('gold.daily_spend') AS b ON a.user_id = b.user_id", "reach: 3", false)]
    [InlineData("SELECT a.month, a.day, a.user_id, b.payments AS n FROM ref('silver.transactions_daily') AS a JOIN ref('gold.daily_spend') AS b ON a.user_id = b.user_id AND a.day = b.day", "reach: 3", true)]
    [InlineData("SELECT month, month AS day, customers AS user_id, payments AS n FROM ref('gold.merchant_performance')", "", true)]
    public void Prove_Days_OnlyWhereTheDayDecides(string sql, string reach, bool expected) =>
        Assert.Equal(expected, ShapeOf.Model($"materialization: incremental\nstrategy: replace_partitions\npartition_by: month\nkey: [day, user_id]\nevent_time: day\n{reach}", "month DATE NOT NULL; day DATE NOT NULL; user_id BIGINT NOT NULL; n BIGINT", sql).IsByDay);

    private static string? Whole(string sql) =>
        ShapeOf.Model("materialization: incremental\nstrategy: replace_partitions\nkey: [day, n]\nevent_time: day\npartition_by: day\nreach: 7", "day DATE NOT NULL; n BIGINT", sql).Whole;
}
