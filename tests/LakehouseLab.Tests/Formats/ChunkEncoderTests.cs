using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Formats;

public sealed class ChunkEncoderTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings());
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Formats
    {
        get
        {
            TheoryData<string, string, string> all = [];
            foreach (string domain in Domain.All.Select(schema => schema.Name))
            {
                foreach ((string format, string compression) in (ReadOnlySpan<(string, string)>)[("json", "none"), ("json", "gzip"), ("json", "zstd"), ("csv", "none"), ("csv", "gzip"), ("csv", "zstd"), ("parquet", "none")])
                {
                    all.Add(domain, format, compression);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task RunAsync_SmallChunks_KeepToTheirSizeAndUseIt(string domain, string format, string compression)
    {
        const int Rows = 15_000;
        foreach (long size in (long[])[100_000, 500_000])
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, Token);
            EmulationRequest request = new(Domain.Find(domain)!, World, 70, Rows) { MaxChunkSize = size, Format = ChunkFormat.TryParse(format, compression)! };
            EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
            ManifestStore manifests = new(lake.Store);
            IReadOnlyList<ChunkInfo> chunks = await manifests.ListChunksAsync((await manifests.FindAsync(result.Emulation, Token))!, Token);

            Assert.Equal(Rows, chunks.Sum(chunk => chunk.Rows));
            Assert.All(chunks, chunk => Assert.InRange(chunk.Bytes, 1, size));
            Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(chunk.Bytes, size / 10, size));
        }
    }

    [Fact]
    public async Task RunAsync_ContinuedWithOtherCompression_KeepsToThatOfItsChunks()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(BuiltIn.Transaction, World, 0, 2_000) { Format = ChunkFormat.TryParse("csv", "gzip")!, StopRow = 1_000 };
        EmulationResult first = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        EmulationResult second = await Emulator.RunAsync(request with { Format = ChunkFormat.TryParse("csv", "zstd")!, StopRow = null }, lake, new EmulationControl(), Token);

        Assert.Equal(first.Emulation, second.Emulation);
        await foreach (ObjectInfo item in lake.Store.ListAsync(LakeLayout.ChunksOf("transaction", first.Emulation), Token))
        {
            Assert.EndsWith(".csv.gz", item.Key, StringComparison.Ordinal);
            Assert.Equal([0x1F, 0x8B], (await lake.Store.ReadAsync(item.Key, Token))![..2]);
        }
    }
}
