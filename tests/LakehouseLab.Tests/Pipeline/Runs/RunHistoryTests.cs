using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;

namespace LakehouseLab.Tests.Pipeline.Runs;

public sealed class RunHistoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddAsync_MoreThanAreKept_ForgetsTheOldest()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        DateTimeOffset first = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Directory.CreateDirectory(folder.Combine("_lakelab/runs"));
        for (int run = 0; run < RunHistory.Kept + 5; run++)
        {
            await File.WriteAllBytesAsync(folder.Combine($"_lakelab/runs/{Report(first.AddSeconds(run)).Id}.json"), LakeDocument.Write(Report(first.AddSeconds(run)), RunDocuments.Default.PipelineReport), Token);
        }

        await new RunHistory(lake).AddAsync(Report(first.AddDays(1)), Token);
        IReadOnlyList<PipelineReport> kept = await new RunHistory(lake).ReadAsync(int.MaxValue, Token);
        Assert.Equal(RunHistory.Kept, kept.Count);
        Assert.Equal(first.AddDays(1), kept[0].StartedAt);
        Assert.Equal(first.AddSeconds(6), kept[^1].StartedAt);
    }

    private static PipelineReport Report(DateTimeOffset start) => new($"{start:yyyyMMdd'T'HHmmssfff'Z'}", "duckdb", start, 1, [], []);
}
