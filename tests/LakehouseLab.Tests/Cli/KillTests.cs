using System.Globalization;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.Tests.Cli;

/// <summary>
/// Kills the program, as the operating system kills it, while it works on a lake; the next run must complete the lake and its
/// audit be clean. The environment variable LAKELAB_KILL_TRIALS asks for more trials.
/// </summary>
public sealed class KillTests
{
    private const string Rows = "100_000";
    private const ulong Seed = 20261125;

    [Fact]
    public async Task Run_KilledAtRandomPoints_IsCompletedByTheNextRun()
    {
        int trials = int.Parse(Environment.GetEnvironmentVariable("LAKELAB_KILL_TRIALS") ?? "1", CultureInfo.InvariantCulture);
        int steps;
        using (TemporaryFolder whole = new())
        {
            using SteppedProcess uninterrupted = SteppedProcess.Start(whole.Path, "run", "--rows", Rows, "--quiet");
            Assert.Equal((0, ""), await uninterrupted.EndAsync());
            steps = uninterrupted.Steps;
        }

        for (int trial = 0; trial < trials; trial++)
        {
            using TemporaryFolder folder = new();
            int death = 1 + (int)Draw.Below(Draw.Bits(Seed, (ulong)trial), (ulong)steps);
            using SteppedProcess victim = SteppedProcess.Start(folder.Path, "run", "--rows", Rows, "--quiet");
            await victim.KillAtAsync(death);

            using SteppedProcess next = SteppedProcess.Start(folder.Path, "run", "--rows", Rows, "--quiet");
            (int code, string words) = await next.EndAsync();
            Assert.True(code == 0, $"killed at step {death} of {steps}, the next run ended with {code}: {words}");
        }
    }

    [Fact]
    public async Task Emulate_ShardsAtOnceOfWhichSomeAreKilled_AreCompletedByTheSameCommands()
    {
        using TemporaryFolder folder = new();
        string[][] shards = [.. Enumerable.Range(1, 3).Select(shard => (string[])["emulate", "transaction", "--rows", "30k", "--max-chunk-size", "300KiB", "--shard", $"{shard}/3", "--quiet"])];
        SteppedProcess[] running = [.. shards.Select(shard => SteppedProcess.Start(folder.Path, shard))];
        try
        {
            // The steps are those of all three, so the second dies while the others are at work.
            await running[1].KillAtAsync(20 + (int)Draw.Below(Draw.Bits(Seed, 0), 20));
            await running[2].KillAtAsync(45 + (int)Draw.Below(Draw.Bits(Seed, 1), 20));
            Assert.Equal((0, ""), await running[0].EndAsync());
        }
        finally
        {
            Array.ForEach(running, static process => process.Dispose());
        }

        foreach (string[] shard in shards)
        {
            using SteppedProcess next = SteppedProcess.Start(folder.Path, shard);
            Assert.Equal((0, ""), await next.EndAsync());
        }

        CommandRun audit = await CommandRun.OfAsync(["audit", "--lake", folder.Path]);
        Assert.True(audit.Code == 0, audit.Words);
        Assert.Contains("30,000", audit.Data, StringComparison.Ordinal);
    }
}
