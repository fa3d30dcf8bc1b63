using System.Diagnostics;
using System.Globalization;
using LakehouseLab.Tests;
using LakehouseLab.World.Randomness;

namespace LakehouseLab.IntegrationTests.Spark.Cluster;

/// <summary>
/// Kills the client, the driver, an executor, a worker or MinIO while the pipeline runs on a cluster, at any of its tasks; run again it completes, with the
/// tables of the embedded engine and a clean audit. The environment variable LAKELAB_SPARK_TRIALS says how many trials there are, with those of
/// a stream: forty take half an hour.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(typeof(SparkClusterTests))]
public sealed class KillTrialTests(SparkCluster cluster)
{
    private const ulong Seed = 20261127;
    private const int FirstRows = 2_000;
    private const int MoreRows = 150;

    // Every fifth trial kills the driver, whose restart takes longest.
    private static readonly Victim[] s_victims = [Victim.Worker, Victim.Store, Victim.Driver, Victim.Executor, Victim.Client];

    private static readonly string[] s_places = ["workers", "artifact", "client"];

    private enum Victim
    {
        Worker,
        Store,
        Driver,
        Executor,
        Client,
    }

    [Fact]
    public async Task Run_AnythingKilledAtAnyTask_CompletesWhenItIsRunAgain()
    {
        int trials = Math.Max(1, SparkTrials.Require() - StreamKillTests.Victims.Count);
        await cluster.StartAsync();
        cluster.Program.Behave(null);
        using ClusterLakes inFolder = new(cluster, onS3: false, "silver/transactions", "silver/transactions_daily", "gold/daily_spend");
        using ClusterLakes onS3 = new(cluster, onS3: true, "silver/transactions", "silver/transactions_daily", "gold/daily_spend");
        foreach (ClusterLakes lakes in new[] { inFolder, onS3 })
        {
            await lakes.AddAsync(FirstRows);
            await lakes.CompleteAsync("client");
            await lakes.AssertCompleteAsync("first run");
        }

        int struck = 0;
        long usual = 40;
        for (int trial = 0; trial < trials; trial++)
        {
            Victim victim = s_victims[trial % s_victims.Length];
            bool isOnS3 = victim is Victim.Store || (trial + (trial / s_victims.Length)) % 2 == 1;
            string decode = s_places[trial % s_places.Length];
            ulong bits = Draw.Bits(Seed, (ulong)trial);
            long mark = 1 + (long)Draw.Below(bits, (ulong)usual);
            string name = string.Create(CultureInfo.InvariantCulture, $"trial {trial}: {victim} at task {mark} of {usual}, decoding by {decode}, {(isOnS3 ? "S3" : "folder")}");
            long begun = Stopwatch.GetTimestamp();

            ClusterLakes lakes = isOnS3 ? onS3 : inFolder;
            await lakes.AddAsync(MoreRows);
            (long tasks, string outcome) = await StrikeAsync(lakes, decode, victim, mark, worker: (int)(bits & 1), name);
            await lakes.CompleteAsync(decode);
            await lakes.AssertCompleteAsync(name);
            if (tasks >= mark)
            {
                struck++;
            }
            else
            {
                usual = Math.Max(1, tasks);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {outcome}; {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        }

        Assert.True(2 * struck >= trials, $"only {struck} of {trials} runs were at work when something was to be killed");
    }

    // The tasks that the run had begun when something was killed, or in all when it ended before.
    private async Task<(long Tasks, string Outcome)> StrikeAsync(ClusterLakes lakes, string decode, Victim victim, long mark, int worker, string name)
    {
        long before = await cluster.CountTasksAsync() ?? 0;
        long tasks = 0;
        using LakelabProcess run = lakes.Start(decode);
        await Eventually.HoldsAsync(async () => (tasks = (await cluster.CountTasksAsync() ?? before) - before) >= mark || run.HasExited);
        if (tasks >= mark)
        {
            await KillAsync(victim, run, worker);
            await cluster.StartAsync();
        }

        (int code, _, string words) = await run.EndAsync();
        Assert.DoesNotContain("   at ", words, StringComparison.Ordinal);
        Assert.True(code == 0 || victim is not (Victim.Worker or Victim.Executor), $"{name}: {words}");
        return (tasks, code == 0 ? "went on" : words.Trim().Split('\n')[^1]);
    }

    private async Task KillAsync(Victim victim, LakelabProcess run, int worker)
    {
        switch (victim)
        {
            case Victim.Client:
                await run.KillAsync();
                break;
            case Victim.Executor:
                cluster.KillExecutor(worker);
                break;
            default:
                await cluster.KillAsync(victim switch
                {
                    Victim.Driver => "spark-connect",
                    Victim.Store => "minio",
                    _ => string.Create(CultureInfo.InvariantCulture, $"spark-worker-{worker}"),
                });
                break;
        }
    }
}
