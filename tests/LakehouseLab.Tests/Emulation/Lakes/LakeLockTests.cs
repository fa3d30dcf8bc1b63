using LakehouseLab.Emulation.Lakes;
using LakehouseLab.World.Requests;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Emulation.Lakes;

/// <summary>Many write to a lake at once; what must be alone is refused by name, and nobody cleans up under another.</summary>
public sealed class LakeLockTests
{
    private static readonly Guid s_emulation = new(1, 0, 0, new byte[8]);
    private static readonly Guid s_other = new(2, 0, 0, new byte[8]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LakePart.Tables, LakePart.Tables, true)]
    [InlineData(LakePart.Jobs, LakePart.Jobs, true)]
    [InlineData(LakePart.Records | LakePart.Tables, LakePart.Tables, true)]
    [InlineData(LakePart.Records, LakePart.Records, false)]
    [InlineData(LakePart.Records | LakePart.Jobs, LakePart.Records | LakePart.Tables, false)]
    public async Task LockAsync_TakenByAnother_IsRefusedWhereOneMustBeAlone(LakePart taken, LakePart asked, bool isRefused)
    {
        using TemporaryFolder folder = new();
        using LakeLock held = await (await Lake.OpenAsync(folder.Path, Token)).LockAsync(taken, Token);
        Lake other = await Lake.OpenAsync(folder.Path, Token);
        if (isRefused)
        {
            InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => other.LockAsync(asked, Token));
            Assert.Equal($"lake '{folder.Path}' is in use by another run: wait until it ends, or use another lake", refusal.Message);
        }
        else
        {
            (await other.LockAsync(asked, Token)).Dispose();
        }

        held.Dispose();
        (await other.LockAsync(asked, Token)).Dispose();
    }

    [Fact]
    public async Task LockEmulationAsync_TakenByAnother_IsRefusedAndOtherEmulationsAreNot()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        using LakeLock held = await lake.LockEmulationAsync(s_emulation, Token);
        await Assert.ThrowsAsync<EmulationInUseException>(() => lake.LockEmulationAsync(s_emulation, Token));
        using LakeLock other = await lake.LockEmulationAsync(s_other, Token);
    }

    [Fact]
    public async Task LockAsync_WhileAnyEmulationIsUnderWay_LeavesWhatIsHalfWritten()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        Directory.CreateDirectory(folder.Combine(".staging"));
        await File.WriteAllTextAsync(folder.Combine(".staging/half"), "x", Token);
        using (await lake.LockEmulationAsync(s_emulation, Token))
        {
            (await lake.LockAsync(LakePart.Tables, Token)).Dispose();
            (await lake.LockAsync(LakePart.Records, Token)).Dispose();
            Assert.True(File.Exists(folder.Combine(".staging/half")));
            await Assert.ThrowsAsync<EmulationInUseException>(() => lake.LockEmulationAsync(s_emulation, Token));
        }

        (await lake.LockAsync(LakePart.Tables, Token)).Dispose();
        Assert.False(Directory.Exists(folder.Combine(".staging")));
        Assert.False(Directory.Exists(folder.Combine("_lakelab/locks")));
    }

    [Fact]
    public async Task LockEmulationAsync_WhileAnotherCleansUp_WaitsForItsEnd()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        Task<LakeLock> waiting;
        using (lake.Store.TryLock(LakeLayout.Lock))
        {
            waiting = lake.LockEmulationAsync(s_emulation, Token);
            Assert.False(waiting.IsCompleted);
        }

        (await waiting).Dispose();
    }

    [Fact]
    public async Task BindAsync_WorldsByManyAtOnce_HasOneWinnerAndNamesTheDifferenceToTheOthers()
    {
        using TemporaryFolder folder = new();
        (long Seed, string? Refusal)[] ends = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
        {
            WorldSettings settings = new() { Seed = number % 3 };
            try
            {
                await (await Lake.OpenAsync(folder.Path, Token)).BindAsync(settings, Token);
                return (settings.Seed, (string?)null);
            }
            catch (InvalidRequestException refusal)
            {
                return (settings.Seed, refusal.Message);
            }
        })));
        long bound = (await (await Lake.OpenAsync(folder.Path, Token)).ReadWorldAsync(Token))!.Seed;
        Assert.All(ends, end => Assert.Equal(end.Seed == bound, end.Refusal is null));
        Assert.All(ends.Where(end => end.Refusal is not null), end => Assert.Contains($"seed is {bound}, not {end.Seed}", end.Refusal, StringComparison.Ordinal));
    }
}
