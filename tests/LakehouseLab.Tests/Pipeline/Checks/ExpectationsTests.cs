using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Checks;

public sealed class ExpectationsTests
{
    // 0.29 and 0.07 are not binary fractions: as such, 29 of 100 rows would be more than 0.29 of them.
    [Theory]
    [InlineData("on_violation: warn, tolerance: 0.29", 100, 29)]
    [InlineData("on_violation: warn, warn: 0.07", 100, 7)]
    [InlineData("on_violation: quarantine, warn: 0.05", 20, 1)]
    [InlineData("on_violation: drop, tolerance: 0.001", 1_000, 1)]
    [InlineData("on_violation: fail, warn: 0.01, fail: 0.5", 1_000, 10)]
    [InlineData("on_violation: warn", 1_000, 0)]
    [InlineData("on_violation: warn, tolerance: 1", 5, 5)]
    public void Of_AtAndBeyondTheTolerance_OnlyBeyondIsAFinding(string action, long rows, long tolerated)
    {
        Expectation expectation = Read(action);
        Assert.Empty(BrokenExpectations.Of([(expectation, tolerated)], rows).Warnings);
        RunWarning warning = Assert.Single(BrokenExpectations.Of([(expectation, tolerated + 1)], rows).Warnings);
        Assert.Equal((RunWarningKind.Expectation, "positive", (double?)expectation.WarnShare), (warning.Kind, warning.Expectation, warning.Threshold));
        Assert.Equal((double)(tolerated + 1) / rows, warning.Share);
    }

    [Theory]
    [InlineData("on_violation: warn", 0.0, null)]
    [InlineData("on_violation: warn, fail: 0.2", 0.0, 0.2)]
    [InlineData("on_violation: drop", null, null)]
    [InlineData("on_violation: drop, fail: 0.2", null, 0.2)]
    [InlineData("on_violation: quarantine", null, null)]
    [InlineData("on_violation: quarantine, tolerance: 0.1, fail: 0.2", 0.1, 0.2)]
    [InlineData("on_violation: fail", null, 0.0)]
    [InlineData("on_violation: fail, tolerance: 0.2", null, 0.2)]
    [InlineData("on_violation: fail, warn: 0.1, tolerance: 0.2", 0.1, 0.2)]
    public void Parse_Thresholds_AreThoseOfTheActionUnlessStated(string action, double? warn, double? fail)
    {
        Expectation expectation = Read(action);
        Assert.Equal((warn, fail), ((double?)expectation.WarnShare, (double?)expectation.FailShare));
    }

    private static Expectation Read(string action)
    {
        string header = $"description: A test's.\nmaterialization: incremental\nstrategy: append\nexpectations:\n  - {{name: positive, check: user_id > 0, {action}}}\n";
        string text = action.Contains("drop", StringComparison.Ordinal)
            ? OwnModel.Text($"key: [n]\nexpectations:\n  - {{name: positive, check: n > 0, {action}}}", ["n: [BIGINT, n]"], "SELECT n FROM ref('silver.a')")
            : $"/*\n{header}*/\nSELECT * FROM source('bronze.transactions')";
        return ModelFile.Parse(new TableName("silver", "t"), text).Expectations[0];
    }
}
