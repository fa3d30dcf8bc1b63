using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Tests.Cli;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>What a model's query may do wrong: the message names column, key and remedy, and the table stays as it was.</summary>
public sealed class OwnModelTests
{
    private const string Third = "transaction_id 00000000-0000-0000-0000-000000000003";
    private const string File = "models/gold/own.sql";

    [Theory]
    [InlineData("CAST(CASE WHEN user_id = 3 THEN 3000000000 ELSE user_id END AS INT)", "INT", "column n cannot be computed at " + Third, "3000000000")]
    [InlineData("CASE WHEN user_id = 3 THEN 3000000000 ELSE user_id END", "INT", "column n is INT, which cannot hold 3000000000 at " + Third, "Declare a wider type")]
    [InlineData("amount * 1000000 * CAST(user_id AS INT)", "DECIMAL(9,1)", "column n is DECIMAL(9,1), which cannot hold 100000000.0000 at transaction_id 00000000-0000-0000-0000-000000000008", "Declare a wider type")]
    [InlineData("CASE WHEN user_id <> 3 THEN 1 END", "BIGINT NOT NULL", "1 of 8 rows have no n, which is declared NOT NULL, such as " + Third, "without NOT NULL")]
    public async Task RunAsync_ValueFails_NamesColumnKeyAndRemedy(string expression, string type, string named, string also)
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string sql = $"SELECT transaction_id, {expression} AS n FROM ref('silver.transactions')";
        string message = (await FailAsync(lake, OwnModel.Text("key: [transaction_id]", ["transaction_id: [STRING NOT NULL, t]", $"n: [\"{type}\", n]"], sql))).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Contains(also, message, StringComparison.Ordinal);
        Assert.Contains(File, message, StringComparison.Ordinal);
        Assert.Contains("the table stays as it was", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Error:", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AggregateFails_NamesTheGroup()
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string text = OwnModel.Text("key: [day, user_id]", ["day: [DATE, d]", "user_id: [BIGINT, u]", "n: [BIGINT, n]"], "SELECT to_date(timestamp) AS day, user_id, sum(CAST(CASE WHEN user_id = 3 THEN 3000000000 ELSE 1 END AS INT)) AS n FROM ref('silver.transactions') GROUP BY to_date(timestamp), user_id");
        Assert.Contains("column n cannot be computed at day 2026-01-03, user_id 3: ", (await FailAsync(lake, text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT transaction_id, 1 AS n, 2 AS m FROM ref('silver.transactions')", "its query gives m, which its header does not declare")]
    [InlineData("SELECT transaction_id FROM ref('silver.transactions')", "its header declares n, which its query does not give")]
    [InlineData("SELECT transaction_id, nothing AS n FROM ref('silver.transactions')", "there is no column nothing here")]
    [InlineData("SELECT transaction_id,\n  count(*) AS n FROM ref('silver.transactions')", "cannot run: line 9: ")]
    public async Task RunAsync_QueryAndHeaderDisagree_SaysWhere(string sql, string named)
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string message = (await FailAsync(lake, OwnModel.Text("key: [transaction_id]", ["transaction_id: [STRING, t]", "n: [BIGINT, n]"], sql))).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Contains(File, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Error:", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ExpectationsThatFail_NameTheKeyOrWhatIsWrongWithThem()
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string broken = (await FailAsync(lake, Expecting("n <> 3"))).Message;
        Assert.Contains("1 of 8 rows break 'e' (n <> 3), such as " + Third, broken, StringComparison.Ordinal);
        string wrong = (await FailAsync(lake, Expecting("m > 3"))).Message;
        Assert.Contains("line 6: expectation 'e' (m > 3): there is no column m here", wrong, StringComparison.Ordinal);

        static string Expecting(string check) => OwnModel.Text(
            $"key: [transaction_id]\nexpectations:\n  - {{name: e, check: {check}, on_violation: fail}}", ["transaction_id: [STRING, t]", "n: [BIGINT, n]"], "SELECT transaction_id, user_id AS n FROM ref('silver.transactions')");
    }

    [Fact]
    public async Task RunAsync_InputCorrectedAfterAFailure_IsMadeFromIt()
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string[] columns = ["transaction_id: [STRING, t]", "n: [BIGINT, n]"];
        await OwnModel.RunAsync(lake, "gold.upper", OwnModel.Text("key: [transaction_id]", columns, "SELECT transaction_id, CASE WHEN user_id = 3 THEN 3000000000 ELSE user_id END AS n FROM ref('silver.transactions')"));
        string text = OwnModel.Text("key: [transaction_id]", ["transaction_id: [STRING, t]", "n: [BIGINT, n]"], "SELECT transaction_id, CAST(n AS INT) AS n FROM ref('gold.upper')");
        await FailAsync(lake, text);
        await FailAsync(lake, text);
        await OwnModel.RunAsync(lake, "gold.upper", OwnModel.Text("key: [transaction_id]", columns, "SELECT transaction_id, user_id AS n FROM ref('silver.transactions')"));
        ModelOutcome outcome = await OwnModel.RunAsync(lake, "gold.own", text);
        Assert.Equal((ModelState.Updated, 8), (outcome.State, outcome.RowsOut));
        Assert.Contains("an earlier batch cannot be made", outcome.Note, StringComparison.Ordinal);
        Assert.Equal(ModelState.UpToDate, (await OwnModel.RunAsync(lake, "gold.own", text)).State);
    }

    [Fact]
    public async Task RunAsync_PartitionsOfOtherMonths_AreRefused()
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string text = OwnModel.Text("key: [day]\npartition_by: month\nevent_time: day", ["day: [DATE NOT NULL, d]", "month: [DATE NOT NULL, m]", "n: [BIGINT NOT NULL, n]"], "SELECT to_date(timestamp) AS day, DATE '2025-01-01' AS month, count(*) AS n FROM ref('silver.transactions') GROUP BY to_date(timestamp)")
            .Replace("materialization: table", "materialization: incremental\nstrategy: replace_partitions", StringComparison.Ordinal);
        Assert.Contains("partition_by: month is not a day of day's month at day 2026-01-0", (await FailAsync(lake, text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KeyThatIsNotUnique_IsRefusedNamingIt()
    {
        using TemporaryFolder folder = new();
        Lake lake = await PreparedAsync(folder);
        string text = OwnModel.Text("key: [n]", ["n: [BIGINT NOT NULL, n]"], "SELECT user_id % 7 AS n FROM ref('silver.transactions')");
        string message = (await FailAsync(lake, text)).Message;
        Assert.Contains("2 rows have the key n 1; the table stays as it was", message, StringComparison.Ordinal);
        Assert.Contains("(line 4)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KeyOfAnotherMonth_IsRefusedAlthoughThatMonthIsKept()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        string text = OwnModel.Text("key: [merchant]\npartition_by: day\nevent_time: day", ["day: [DATE NOT NULL, d]", "merchant: [STRING NOT NULL, m]"], "SELECT to_date(timestamp) AS day, merchant FROM ref('silver.transactions')")
            .Replace("materialization: table", "materialization: incremental\nstrategy: replace_partitions", StringComparison.Ordinal);
        await OwnModel.PutPaymentsAsync(lake, "a", [(1, "Oak", "2026-01-01T00:00:00Z")]);
        await OwnModel.RunAsync(lake, "gold.own", text);
        await OwnModel.PutPaymentsAsync(lake, "b", [(2, "Oak", "2026-03-01T00:00:00Z")]);
        Assert.Contains("2 rows have the key merchant Oak", (await FailAsync(lake, text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key: [merchant]", "SELECT translate(merchant, 'AK', 'ak') AS merchant, count(*) AS n FROM ref('silver.transactions') GROUP BY translate(merchant, 'AK', 'ak')", "merchant is computed")]
    [InlineData("key: [merchant]", "SELECT t.merchant, max(d.n) AS n FROM ref('silver.transactions') AS t JOIN ref('gold.daily') AS d ON TRUE GROUP BY t.merchant", "more than one table")]
    public async Task RunAsync_MergeThatNeedsOtherKeys_EqualsAFullRefresh(string key, string sql, string reason)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        string text = OwnModel.Text(key, ["merchant: [STRING NOT NULL, m]", "n: [BIGINT NOT NULL, n]"], sql).Replace("materialization: table", "materialization: incremental\nstrategy: merge", StringComparison.Ordinal);
        string daily = OwnModel.Text("key: [n]", ["n: [BIGINT, n]"], "SELECT count(*) AS n FROM ref('silver.transactions')");
        ModelOutcome outcome = null!;
        foreach ((string file, string merchant) in new[] { ("a", "Oak"), ("b", "OAK") })
        {
            await OwnModel.PutPaymentsAsync(lake, file, (file[0], merchant, "2026-01-01T00:00:00Z"), (file[0] + 100, merchant, "2026-01-01T00:00:00Z"));
            await OwnModel.RunAsync(lake, "gold.daily", daily);
            outcome = await OwnModel.RunAsync(lake, "gold.own", text);
        }

        Assert.Contains(reason, outcome.Note, StringComparison.Ordinal);
        string incremental = await RowsAsync();
        Assert.Contains("\"n\":4", incremental, StringComparison.Ordinal);
        await OwnModel.RunAsync(lake, "gold.own", text, full: true);
        Assert.Equal(await RowsAsync(), incremental);

        async Task<string> RowsAsync() => (await CommandRun.OfAsync(["query", "FROM gold.own ORDER BY ALL", "--json", "--lake", folder.Path])).Data;
    }

    private static async Task<Lake> PreparedAsync(TemporaryFolder folder)
    {
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await OwnModel.PutPaymentsAsync(lake, "a", Enumerable.Range(1, 8).Select(n => (n, n == 3 ? "x" : $"{n}", $"2026-01-0{n}T00:00:00Z")));
        return lake;
    }

    private static Task<ModelException> FailAsync(Lake lake, string text) => Assert.ThrowsAsync<ModelException>(() => OwnModel.RunAsync(lake, "gold.own", text));
}
