using System.IO.Hashing;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Raw;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Flows;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline.Bronze;

/// <summary>Progress tells of every object what came from it, and of a long life in few documents.</summary>
public sealed class BronzeProgressTests
{
    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("json")]
    [InlineData("json.gz")]
    [InlineData("csv.zst")]
    [InlineData("parquet")]
    public async Task RunAsync_ObjectsOfAnyFormat_AreRecordedWithChecksumAndRecords(string extension)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(s_domain, s_world, 0, 1_000) { Format = ChunkFormat.OfRaw($"x.{extension}"), MaxChunkSize = 50_000 };
        await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        await RunAsync(lake);
        BronzeInputs batch = Assert.Single(await ReadAsync(lake));
        Assert.Equal(1_000, batch.Objects.Sum(item => item.Records));
        foreach (RawObject item in batch.Objects)
        {
            byte[] bytes = (await lake.Store.ReadAsync(item.Key, Token))!;
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(XxHash128.Hash(bytes))), (item.Length, item.Checksum));
        }
    }

    [Fact]
    public async Task RunAsync_FortyBatches_AreFewDocumentsThatKeepEachObject()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        for (int batch = 0; batch < 40; batch++)
        {
            await lake.Store.PutAsync($"raw/transaction/{batch:D2}.json", "{}\n{}"u8.ToArray(), Token);
            Assert.Equal(2, (await RunAsync(lake)).Records);
        }

        string[] names = [.. Directory.GetFiles(folder.Combine("_lakelab/progress/bronze.transactions")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["000000000000-000000000015.json", "000000000016-000000000031.json", "000000000032-done.json", "000000000032.json"], names.Take(4));
        IReadOnlyList<BronzeInputs> batches = await ReadAsync(lake);
        Assert.Equal(Enumerable.Range(0, 40).Select(batch => $"raw/transaction/{batch:D2}.json"), batches.Select(batch => Assert.Single(batch.Objects).Key));
        Assert.All(batches, batch => Assert.Equal((2L, 5L), (batch.Objects[0].Records, batch.Objects[0].Length)));

        // A table that is lost is recomputed from the condensed records.
        Directory.Delete(folder.Combine("bronze"), recursive: true);
        Assert.Equal(80, (await RunAsync(lake)).Records);
        Assert.Equal(0, (await RunAsync(lake)).Records);
    }

    private static Task<BronzeResult> RunAsync(Lake lake) => BronzeIngestion.RunAsync(lake, s_domain, BronzeSources.RawOnly, 1, TimeProvider.System, null, Token);

    private static Task<IReadOnlyList<BronzeInputs>> ReadAsync(Lake lake) => new FlowProgress<BronzeInputs>(lake, "bronze.transactions", BronzeInputs.Form).ReadAsync(Token);
}
