using LakehouseLab.Pipeline.Checks;
using LakehouseLab.Pipeline.Models;
using LakehouseLab.Pipeline.Tables;

namespace LakehouseLab.Tests.Pipeline.Checks;

public sealed class ExpectationsTests
{
    // 0.29 and 0.07 are not binary fractions: as such, 29 of 100 rows would be more than 0.29 of them.
    [Theory]
    [InlineData("0.29", 100, 29)]
    [InlineData("0.07", 100, 7)]
    [InlineData("0.05", 20, 1)]
    [InlineData("0.001", 1_000, 1)]
    [InlineData("0", 1_000, 0)]
    [InlineData("1", 5, 5)]
    public void FoundWanting_AtAndBeyondTheTolerance_OnlyBeyond(string tolerance, long rows, long tolerated)
    {
        Model model = ModelFile.Parse(new TableName("gold", "t"), OwnModel.Text(
            $"key: [n]\nexpectations:\n  - {{name: positive, check: n > 0, on_violation: warn, tolerance: {tolerance}}}", ["n: [BIGINT, n]"], "SELECT n FROM ref('silver.a')"));
        Assert.False(FoundWanting(tolerated));
        Assert.True(FoundWanting(tolerated + 1));

        bool FoundWanting(long broken) => Expectations.FoundWanting(model, new Dictionary<string, long> { ["positive"] = broken }, rows);
    }
}
