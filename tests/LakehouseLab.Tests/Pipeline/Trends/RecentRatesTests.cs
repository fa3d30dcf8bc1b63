using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.Pipeline.Trends;

namespace LakehouseLab.Tests.Pipeline.Trends;

public sealed class RecentRatesTests
{
    private static readonly TableName s_table = new("silver", "transactions");

    [Theory]
    [InlineData(131, false)]
    [InlineData(132, true)]
    public void Compare_ShareAboveTheRange_WarnsWithBothFigures(long quarantined, bool warns)
    {
        // The highest share, 1 %, lets expect 100 of 10,000: 130 are three standard deviations more.
        ModelOutcome[] earlier = [.. Enumerable.Range(0, 6).Select(run => Outcome(2_000, run == 3 ? 20 : 4))];
        RunWarning[] warnings = [.. RecentRates.Compare(Outcome(10_000, quarantined - 1), earlier)];
        Assert.Equal(warns, warnings.Length == 1);
        if (warns)
        {
            Assert.Equal("1.31 % of 10,000 records are quarantined; in the 6 runs before it was 0.20 % to 1.00 %", warnings[0].Message);
            Assert.Equal((RunWarningKind.QuarantineRate, 0.0131, 0.002, 0.01, 6), (warnings[0].Kind, warnings[0].Share, warnings[0].RecentLowest, warnings[0].RecentHighest, warnings[0].RecentRuns));
        }
    }

    [Fact]
    public void Compare_Duplicates_AreHeldAgainstDuplicates()
    {
        ModelOutcome[] earlier = [.. Enumerable.Repeat(Outcome(1_000, 50), 5)];
        Assert.Equal(RunWarningKind.DuplicateRate, Assert.Single(RecentRates.Compare(Outcome(1_000, 50) with { Duplicates = 10 }, earlier)).Kind);
    }

    [Theory]
    [InlineData(4, 1_000, 1_000, 500)]
    [InlineData(5, 999, 1_000, 500)]
    [InlineData(5, 1_000, 999, 500)]
    [InlineData(5, 1_000, 1_000, 9)]
    public void Compare_TooLittleToTell_DoesNotWarn(int runs, long recordsBefore, long records, long quarantined)
    {
        ModelOutcome[] earlier = [.. Enumerable.Repeat(Outcome(recordsBefore, 0), runs)];
        Assert.Empty(RecentRates.Compare(Outcome(records, quarantined), earlier));
        Assert.Single(RecentRates.Compare(Outcome(1_000, 10), [.. Enumerable.Repeat(Outcome(1_000, 0), 5)]));
    }

    [Fact]
    public void Compare_OtherTablesAndOldRuns_DoNotCount()
    {
        ModelOutcome[] earlier =
        [
            .. Enumerable.Repeat(Outcome(1_000, 900) with { Table = "silver.device_logs" }, 3),
            .. Enumerable.Repeat(Outcome(1_000, 0), RecentRates.MostRuns),
            .. Enumerable.Repeat(Outcome(1_000, 900), 3),
        ];
        Assert.Equal(0, Assert.Single(RecentRates.Compare(Outcome(1_000, 20), earlier)).RecentHighest);
    }

    [Fact]
    public async Task WarnAsync_NothingToWarnOf_DoesNotReadTheHistory()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
        await lake.Store.PutAsync($"{LakeLayout.Runs}20260101T000000000Z.json", "damaged"u8.ToArray(), TestContext.Current.CancellationToken);
        List<ModelOutcome> few = [Outcome(1_000_000, 9)];
        Assert.Same(few, await RecentRates.WarnAsync(lake, few, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<LakeException>(() => RecentRates.WarnAsync(lake, [Outcome(1_000, 10)], TestContext.Current.CancellationToken));
    }

    private static ModelOutcome Outcome(long records, long quarantined) =>
        ModelOutcome.Idle(s_table, ModelState.Updated, 1) with { RowsIn = records, RowsOut = records - quarantined, Quarantined = quarantined };
}
