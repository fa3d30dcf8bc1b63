using LakehouseLab.Emulation.Destinations;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Cli;

/// <summary>What <c>emulate</c> refuses before it asks Kafka for anything.</summary>
public sealed class EmulateToKafkaTests
{
    [Theory]
    [InlineData("user-profile", "--topic", "mine")]
    [InlineData("all")]
    public async Task Emulate_IntoATopicThatHoldsAnotherDomain_IsRefusedAndLeavesNothing(string domain, params string[] topic)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken);
        foreach (string name in new[] { "mine", "user-profiles" })
        {
            await new ManifestStore(lake.Store).PutAsync(
                new Manifest(Guid.CreateVersion7(), new WorldSettings(), "transaction", "json", "none", true, SyncSystem.Kafka, [new ManifestRange(0, 5)], EmulationState.Completed, 5, 1000, 0) { Location = name },
                TestContext.Current.CancellationToken);
        }

        CommandRun run = await CommandRun.OfAsync(
            ["emulate", domain, "--rows", "5", "--sync", "kafka", "--lake", folder.Combine("lake"), .. topic], variables: new Dictionary<string, string> { ["KAFKA_BOOTSTRAP_SERVERS"] = "localhost:1" });

        Assert.Equal(2, run.Code);
        Assert.Contains($"topic '{(topic.Length > 0 ? "mine" : "user-profiles")}' holds transaction records of this lake: a topic holds one domain", run.Words, StringComparison.Ordinal);
        Assert.Empty(await new RangeClaims(lake, "user-profile").ReadAsync(TestContext.Current.CancellationToken));
    }
}
