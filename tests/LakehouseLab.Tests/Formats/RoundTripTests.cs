using System.Text;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Objects;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Formats;

/// <summary>Whatever the format, the records read back are the lines of JSON, byte for byte.</summary>
public sealed class RoundTripTests
{
    private static readonly EmulatedWorld World = new(new WorldSettings { Users = 300, FraudRate = 0.02 });
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Formats => ChunkEncoderTests.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task RunAsync_ReadBack_GivesTheLinesOfJson(string domain, string format, string compression)
    {
        Domain schema = Domain.Find(domain)!;
        ChunkFormat chunkFormat = ChunkFormat.TryParse(format, compression)!;
        foreach ((bool labels, long firstRow, int rows, long size) in ((bool, long, int, long)[])[(true, 0, 9_000, 1 << 20), (false, 4_000, 3_000, 50_000), (true, 4_095, 2, 1)])
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, Token);
            EmulationRequest request = new(schema, World, firstRow, rows) { Labels = labels, MaxChunkSize = size };
            EmulationResult result = await Emulator.RunAsync(request with { Format = chunkFormat }, lake, new EmulationControl(), Token);
            using MemoryStream json = new();
            await Emulator.RunAsync(request, json, new EmulationControl(), Token);

            Assert.Equal(Encoding.UTF8.GetString(json.ToArray()), await ReadAsync(lake.Store, schema, result.Emulation, chunkFormat));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task ListChunksAsync_NoneListedYet_CountsTheirRows(string domain, string format, string compression)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, Token);
        EmulationRequest request = new(Domain.Find(domain)!, World, 10, 3_000) { MaxChunkSize = 100_000, Format = ChunkFormat.TryParse(format, compression)! };
        EmulationResult result = await Emulator.RunAsync(request, lake, new EmulationControl(), Token);
        ManifestStore manifests = new(lake.Store);
        Manifest manifest = (await manifests.FindAsync(result.Emulation, Token))!;
        IReadOnlyList<ChunkInfo> chunks = await manifests.ListChunksAsync(manifest, Token);
        foreach (ChunkInfo chunk in chunks)
        {
            await lake.Store.DeleteAsync(LakeLayout.ManifestPart(manifest.Id, chunk.Number), Token);
        }

        Assert.Equal(chunks, await manifests.ListChunksAsync(manifest, Token));
    }

    private static async Task<string> ReadAsync(IObjectStore store, Domain schema, Guid emulation, ChunkFormat format)
    {
        StringBuilder lines = new();
        await foreach (ObjectInfo item in store.ListAsync(LakeLayout.ChunksOf(schema.Name, emulation), Token))
        {
            using RecordReader reader = await FormatReaders.OpenAsync(store, item.Key, schema.Schema, format, Token);
            for (long offset = 0; reader.TryRead(out ReadOnlySpan<byte> record); offset++)
            {
                Assert.Equal(offset, reader.Offset);
                lines.Append(Encoding.UTF8.GetString(record)).Append('\n');
            }

            Assert.Equal(item.Length, reader.BytesRead);
        }

        return lines.ToString();
    }
}
