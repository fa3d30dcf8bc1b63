using CsCheck;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Repair;
using LakehouseLab.Pipeline.Reports;
using static LakehouseLab.Tests.Pipeline.RepairedLake;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Whatever is replayed between whatever arrives, a full refresh gives what the increments gave, and each record is somewhere.</summary>
public sealed class ReplayPropertyTests
{
    // A record: its number, and how it is told; few numbers, so that keys meet.
    private static readonly Gen<string> s_record = Gen.Select(Gen.Int[1, 6], Gen.Int[0, 4], static (number, kind) => kind switch
    {
        0 => "garbage",
        1 => Line(number, "-1"),
        2 => Line(number, "99"),
        _ => Line(number),
    });

    private static readonly Gen<(bool Runs, string[] Raw, int Repairs, string Payload)[]> s_steps =
        Gen.Select(Gen.Bool, s_record.Array[1, 4], Gen.Int[0, 5], Gen.Select(Gen.Int[1, 9], Gen.Bool, static (number, other) => Line(number, other ? "99" : "12.5"))).Array[2, 4];

    [Fact]
    public Task ReplayAsync_AnySteps_FullRefreshEqualsIncrements() => s_steps.SampleAsync(
        async steps =>
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, TestContext.Current.CancellationToken);
            long received = 0;
            long accounted = 0;
            HashSet<string> replayed = [];
            for (int step = 0; step < steps.Length; step++)
            {
                (bool runs, string[] raw, int repairs, string payload) = steps[step];
                await PutAsync(lake, $"{step}", raw);
                received += raw.Length;
                accounted += runs ? Count(await RunAsync(lake)) : 0;
                IReadOnlyList<QuarantinedRecord> refused = await ListAsync(lake);
                if (refused.Count > 0)
                {
                    string id = refused[repairs % refused.Count].Id;
                    bool isNew = replayed.Add($"{id} {payload}");
                    Assert.Equal(!isNew, (await ReplayAsync(lake, id, payload)).IsKnown);
                    received += isNew ? 1 : 0;
                }
            }

            accounted += Count(await RunAsync(lake));
            Assert.Equal(received, accounted);
            List<string> incremental = await RowsAsync(lake, folder);
            Assert.Equal(received, Count(await RunAsync(lake, full: true)));
            Assert.Equal(incremental, await RowsAsync(lake, folder));
        },
        iter: 6, threads: 1);

    private static long Count(ModelOutcome outcome) => outcome.RowsOut + outcome.Quarantined + outcome.Duplicates;
}
