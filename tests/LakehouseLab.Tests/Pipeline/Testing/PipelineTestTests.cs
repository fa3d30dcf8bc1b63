using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Projects;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Testing;
using LakehouseLab.World.Requests;

namespace LakehouseLab.Tests.Pipeline.Testing;

public sealed class PipelineTestTests
{
    private const string Spend = """
        /*
        description: What was spent at each merchant.
        materialization: incremental
        strategy: merge
        key: [merchant]
        columns:
          merchant: [STRING NOT NULL, The merchant.]
          payments: [BIGINT NOT NULL, Number of payments.]
          amount: ["DECIMAL(18,4) NOT NULL", Sum of the amounts.]
        expectations:
          - name: an amount is not negative
            check: amount >= 0
            on_violation: fail
        */
        SELECT merchant, count(*) AS payments, sum(amount) AS amount FROM ref('silver.transactions') GROUP BY merchant
        """;

    private const string Given = """
        unit_tests:
          - name: adds up
            model: gold.spend
            given:
              - input: silver.transactions
                rows:
                  - {transaction_id: a, user_id: 1, amount: 12.5, currency: EUR, merchant: Bakery, timestamp: 2026-01-31T12:00:00Z, location: "Paris, FR", _batch: 0, _source: x, _offset: 0, _ingested_at: 2026-02-01}
                  - {transaction_id: b, user_id: 2, amount: 0.50, currency: EUR, merchant: Bakery, timestamp: 2026-01-31T13:00:00Z, location: "Paris, FR", _batch: 0, _source: x, _offset: 1, _ingested_at: 2026-02-01}
                  - {transaction_id: c, user_id: 2, amount: 7, currency: EUR, merchant: 'null', timestamp: 2026-02-01T13:00:00Z, location: "Paris, FR", _batch: 0, _source: x, _offset: 2, _ingested_at: 2026-02-01}
            expect:

        """;

    [Theory]
    [InlineData("rows: [{merchant: Bakery, payments: 2, amount: 13.00}, {merchant: 'null', payments: 1, amount: 7}]", null)]
    [InlineData("rows: [{payments: 1}, {payments: 2}]", null)]
    [InlineData(
        "rows: [{merchant: Bakery, payments: 3}, {merchant: 'null', payments: 1}]",
        "gold.spend lacks the row of t.yaml, line 11: {merchant: 'Bakery', payments: 3}; it has {merchant: 'Bakery', payments: 2} instead")]
    [InlineData("rows: [{merchant: Bakery}]", "gold.spend has a row that is not expected: {merchant: 'null'}")]
    [InlineData("rows: [{merchant: Bakery}, {merchant: 'null'}, {merchant: ~}]", "gold.spend lacks the row of t.yaml, line 11: {merchant: null}")]
    [InlineData("failure: not negative", "gold.spend did not fail: 'not negative' was expected")]
    public async Task RunAsync_RowsOfATest_AreComparedWithTheTable(string expect, string? problem)
    {
        using TemporaryFolder folder = new();
        TestOutcome outcome = Assert.Single((await RunAsync(folder, Given + "      " + expect)).Tests);
        Assert.Equal(problem, outcome.Problem);
        Assert.Equal(("gold.spend", "adds up"), (outcome.Model, outcome.Name));
    }

    [Fact]
    public async Task RunAsync_AModelThatShouldFail_PassesByItsMessage()
    {
        using TemporaryFolder folder = new();
        TestOutcome outcome = Assert.Single((await RunAsync(folder, Given.Replace("amount: 7", "amount: -7", StringComparison.Ordinal) + "      failure: an amount is not negative")).Tests);
        Assert.Null(outcome.Problem);
    }

    [Theory]
    [InlineData("0.5", true)]
    [InlineData("0.49", false)]
    public async Task RunAsync_AnExpectationBrokenByHalfOfTheRows_FailsBeyondItsShareAlone(string share, bool passes)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("t.yaml"), Given.Replace("amount: 7", "amount: -7", StringComparison.Ordinal) + (passes ? "      rows: [{payments: 2}, {payments: 1}]" : "      failure: 1 of 2 rows break 'an amount is not negative'"));
        PipelineRequest request = RequestOf(Spend.Replace("on_violation: fail", $"on_violation: warn\n    warn: 0.1\n    fail: {share}", StringComparison.Ordinal));
        TestReport report = await PipelineTest.RunAsync(request, new TestFolders([folder.Path], folder.Path), TimeProvider.System, null, TestContext.Current.CancellationToken);
        Assert.Null(Assert.Single(report.Tests).Problem);
    }

    [Fact]
    public async Task RunAsync_PayloadsOfBronze_GiveRowsAndQuarantine()
    {
        using TemporaryFolder folder = new();
        TestOutcome outcome = Assert.Single((await RunAsync(folder, """
            unit_tests:
              - name: types payments
                model: silver.transactions
                given:
                  - input: bronze.transactions
                    rows:
                      - payload: '{"transaction_id":"00000000-0000-0000-0000-000000000001","user_id":1,"amount":12.5,"currency":"EUR","merchant":"Bakery","timestamp":"2026-01-31T12:00:00Z","location":"Paris, FR"}'
                      - payload: '{"transaction_id":"00000000-0000-0000-0000-000000000002","user_id":-1,"amount":12.5,"currency":"EUR","merchant":"Bakery","timestamp":"2026-01-31T12:00:00Z","location":"Paris, FR"}'
                expect:
                  rows:
                    - {transaction_id: 00000000-0000-0000-0000-000000000001, amount: 12.5, timestamp: 2026-01-31T12:00:00Z, _offset: 0}
                  quarantine:
                    - {table_name: transactions, reason: "expectation broken: user_id is positive", _offset: 1}
            """)).Tests);
        Assert.True(outcome.Problem is null, outcome.Problem);
    }

    [Theory]
    [InlineData("model: gold.spend", "model: gold.spent", "t.yaml, line 2: there is no model gold.spent; did you mean gold.spend?: lakelab pipeline list shows the models")]
    [InlineData("input: silver.transactions", "input: silver.user_profiles", "t.yaml, line 2: gold.spend does not read silver.user_profiles: its inputs are silver.transactions")]
    [InlineData("user_id: 1", "person: 1", "t.yaml, line 7: silver.transactions has no column 'person': it has ")]
    [InlineData("user_id: 1", "user_id: one", "t.yaml, line 7: user_id: 'one' does not fit silver.transactions: write a whole number, such as 42")]
    public async Task RunAsync_AWrongTest_IsRefusedWithItsPlace(string right, string wrong, string message)
    {
        using TemporaryFolder folder = new();
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => RunAsync(folder, Given.Replace(right, wrong, StringComparison.Ordinal) + "      rows: []"));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompareAsync_AModelThatIsAFunctionOfItsInput_IsEqual()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("t.yaml"), Given + "      rows: []");
        TestReport report = await PipelineTest.CompareAsync(RequestOf(Spend), new TestFolders([folder.Path], folder.Path), new TrialOptions(2, 60), TimeProvider.System, null, TestContext.Current.CancellationToken);
        Assert.Equal(["adds up, in increments", "increments equal a full run"], report.Tests.Select(test => test.Name));
        Assert.Equal(0, report.Failed);
    }

    private static Task<TestReport> RunAsync(TemporaryFolder folder, string tests)
    {
        File.WriteAllText(folder.Combine("t.yaml"), tests);
        return PipelineTest.RunAsync(RequestOf(Spend), new TestFolders([folder.Path], folder.Path), TimeProvider.System, null, TestContext.Current.CancellationToken);
    }

    private static PipelineRequest RequestOf(string model) =>
        new() { Catalog = ModelCatalog.BuiltIn.With([ModelFile.Parse(new TableName("gold", "spend"), model, "models/gold/spend.sql")]) };
}
