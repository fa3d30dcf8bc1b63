using LakehouseLab.Storage.S3;

namespace LakehouseLab.Tests.Storage.S3;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 50, 100)]
    [InlineData(2, 100, 200)]
    [InlineData(4, 400, 800)]
    [InlineData(6, 1_600, 3_200)]
    [InlineData(7, 2_500, 5_000)]
    [InlineData(1_000, 2_500, 5_000)]
    public void Of_Attempt_GrowsUpToItsBound(int attempt, int least, int most)
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(Backoff.Of(attempt).TotalMilliseconds, least, most);
        }
    }
}
