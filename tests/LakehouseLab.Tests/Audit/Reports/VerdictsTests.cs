using LakehouseLab.Audit.Reports;

namespace LakehouseLab.Tests.Audit.Reports;

public sealed class VerdictsTests
{
    [Fact]
    public void Of_EveryKindOfFinding_IsTheVerdictOfThatName() =>
        Assert.All(Enum.GetValues<FindingKind>(), static kind => Assert.Equal(kind.ToString(), Verdicts.Of(kind).ToString()));
}
