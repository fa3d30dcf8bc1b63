using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;

namespace LakehouseLab.Tests.Audit.Tampers;

public sealed class HarmlessRawChanges(LedgerLake ledger)
{
    private static readonly Tamper[] s_changes =
    [
        new("other times of all files", lake => Each(lake, path => File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)))),
        new("all files written anew", lake => Each(lake, path => File.WriteAllBytes(path, File.ReadAllBytes(path)))),
        new("names that nobody means as records", lake => Array.ForEach(["_SUCCESS", ".hidden.json", "x.json.tmp", "x.json.part", "_temporary/x.json", "x.json.crc"], name => Put(lake, name))),
        new("documents laid out anew", lake => Array.ForEach(lake.Keys("raw/_emulations").Concat(lake.Keys("_lakelab/ranges/transaction")).ToArray(), key => lake.Edit(key, static _ => { }))),
        new("members that nobody knows yet", lake => Array.ForEach(lake.Keys("_lakelab/ranges/transaction"), key => lake.Edit(key, json => json["note"] = "checked"))),
        new("empty folders", lake => Directory.CreateDirectory(Path.Combine(lake.Folder, "raw/transaction/later"))),
        new("a killed condensation", Copy),
        new("rows far behind all others", async lake =>
        {
            await lake.EmulateAsync(BuiltIn.Transaction, 50_000, 20);
            await WholeLake.RunPipelineAsync(lake.Lake);
        }),
        new("rows between claims, out of order", async lake =>
        {
            await lake.EmulateAsync(BuiltIn.Transaction, 1_900, 20);
            await lake.EmulateAsync(BuiltIn.Transaction, 1_500, 20);
            await WholeLake.RunPipelineAsync(lake.Lake);
        }),
        new("an emulation interrupted", async lake =>
        {
            await InterruptAsync(lake);
            await WholeLake.RunPipelineAsync(lake.Lake);
        }),
        new("an emulation interrupted and continued", async lake =>
        {
            await InterruptAsync(lake);
            await lake.EmulateAsync(BuiltIn.Transaction, 5_000, 300, chunkSize: 1);
            await WholeLake.RunPipelineAsync(lake.Lake);
        }),
    ];

    public static TheoryData<string> Names => Tamper.NamesOf(s_changes);

    [Theory]
    [MemberData(nameof(Names))]
    public Task RunAsync_ChangedHarmlessly_StaysClean(string name) => ledger.TryAsync(s_changes, name);

    private static void Each(AuditedLake lake, Action<string> change) => Array.ForEach(Directory.GetFiles(lake.Folder, "*", SearchOption.AllDirectories), change);

    private static void Put(AuditedLake lake, string name)
    {
        string path = Path.Combine(lake.Folder, "raw/transaction", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "not a record\n");
    }

    // It was killed before the sources of what it wrote were deleted.
    private static void Copy(AuditedLake lake)
    {
        const string Claims = "_lakelab/ranges/device-log";
        string first = lake.Document($"{Claims}/0-15.json")["entries"]![0]!.ToJsonString();
        File.WriteAllText(Path.Combine(lake.Folder, $"{Claims}/0.json"), first);
    }

    private static async Task InterruptAsync(AuditedLake lake)
    {
        using CancellationTokenSource interruption = new();
        EmulationRequest request = new(BuiltIn.Transaction, AuditedLake.World, 5_000, 300) { MaxChunkSize = 1 };
        EmulationControl control = new() { Progress = new CancelAfter(interruption) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Emulator.RunAsync(request, lake.Lake, control, interruption.Token));
    }

    private sealed class CancelAfter(CancellationTokenSource source) : IProgress<EmulationProgress>
    {
        public void Report(EmulationProgress value) => source.Cancel();
    }
}
