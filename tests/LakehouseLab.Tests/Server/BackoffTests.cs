using LakehouseLab.Server.Jobs;

namespace LakehouseLab.Tests.Server;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 250, 500)]
    [InlineData(1, 500, 1_000)]
    [InlineData(3, 2_000, 4_000)]
    [InlineData(5, 8_000, 16_000)]
    [InlineData(6, 15_000, 30_000)]
    [InlineData(1_000, 15_000, 30_000)]
    public void Of_Attempt_GrowsUpToItsBound(int attempt, int least, int most)
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(Backoff.Of(attempt).TotalMilliseconds, least, most);
        }
    }
}
