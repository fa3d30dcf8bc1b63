using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>A stream on two workers, of which the client, a worker, the driver and the broker are killed between its commits: each record is ingested once.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(typeof(SparkClusterTests))]
public sealed class StreamKillTests(SparkCluster cluster)
{
    private const int Rows = 6_000;

    /// <summary>What is killed, as the stack names it; null for the client.</summary>
    internal static IReadOnlyList<string?> Victims { get; } = [null, "spark-worker-0", "spark-connect", "kafka-0"];

    [Fact]
    public async Task Stream_ClientWorkerDriverAndBrokerKilled_IngestsEachRecordOnce()
    {
        SparkTrials.Require();
        await cluster.StartAsync();
        using StreamScene scene = StreamScene.On(cluster);
        int rows = 0;
        foreach (string? unit in Victims)
        {
            await scene.EmulateAsync(Rows);
            rows += Rows;
            int before = scene.Commits();
            using (LakelabProcess stream = scene.Start("--batch-rows", "1500"))
            {
                await Eventually.HoldsAsync(() => Task.FromResult(scene.Commits() > before + 1 || stream.HasExited));
                if (unit is null)
                {
                    await stream.KillAsync();
                }
                else
                {
                    await cluster.KillAsync(unit);
                    await cluster.StartAsync();
                }

                (int code, _, string words) = await stream.EndAsync();
                Assert.True(unit is null || code == 0 || unit == "kafka-0", $"{unit}: {words}");
                Assert.DoesNotContain("   at ", words, StringComparison.Ordinal);
            }

            await scene.StreamAsync("--batch-rows", "1500");
            await scene.AssertAuditAsync();
            Assert.Equal(rows, await scene.CountAsync("silver/transactions"));
        }
    }
}
