using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Lakes.Claims;
using LakehouseLab.Tests.Cli;

namespace LakehouseLab.Tests.Server;

/// <summary>The command line emulates into the lake of a service that emulates too.</summary>
public sealed class BesideTheServiceTests
{
    [Fact]
    public async Task Emulate_NextRowsBesideTheService_AreRowsOfTheirOwn()
    {
        using TemporaryFolder folder = new();
        await using RunningService service = await RunningService.StartAsync(folder);
        string[] command = ["emulate", "transaction", "--rows", "300", "--first-row", "next", "--lake", folder.Combine("lake")];
        Task<CommandRun>[] runs = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => CommandRun.OfAsync(command)))];
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.StartEmulationAsync("""{"emulator_sync": "local", "emulation_domain": "transaction", "rows": 500}""")));
        Assert.All(await Task.WhenAll(runs), run => Assert.True(run.Code == 0, run.Words));
        foreach (string id in ids)
        {
            await service.WaitForAsync(id, "completed");
        }

        Lake lake = await Lake.OpenAsync(folder.Combine("lake"), TestContext.Current.CancellationToken);
        RangeClaim[] claims = [.. (await new RangeClaims(lake, "transaction").ReadAsync(TestContext.Current.CancellationToken)).OrderBy(claim => claim.FirstRow)];
        Assert.Equal(6, claims.Length);
        Assert.Equal(2_400, claims[^1].EndRow);
        Assert.All(claims.Zip(claims.Skip(1)), pair => Assert.Equal(pair.First.EndRow, pair.Second.FirstRow));
        Assert.Equal(0, (await CommandRun.OfAsync(["audit", "--lake", folder.Combine("lake")])).Code);
    }
}
