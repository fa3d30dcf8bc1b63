using System.Text;
using CsCheck;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline.Bronze;

public sealed class BronzeIngestionTests
{
    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100 });
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_AnyBytes_AreInBronzeAsTheyWere() =>
        await Gen.OneOf(Gen.Byte, Gen.Byte[9, 13], Gen.Byte[32, 34]).Array[0, 200].Where(IsNotOfOtherEncoding).Array[1, 4].SampleAsync(
            async files =>
            {
                using TemporaryFolder folder = new();
                Lake lake = await Lake.OpenAsync(folder.Path, s_token);
                for (int file = 0; file < files.Length; file++)
                {
                    await lake.Store.PutAsync($"raw/transaction/{file}.json", files[file], s_token);
                }

                BronzeResult result = await RunAsync(lake);
                List<BronzeRecord> rows = await BronzeRows.ReadAsync(lake, s_domain, s_token);
                Assert.Equal(files.Length, result.Objects);
                Assert.Equal(rows.Count, result.Records);
                for (int file = 0; file < files.Length; file++)
                {
                    Assert.Equal(Convert.ToHexString(Unblanked(files[file])), Convert.ToHexString(Joined(rows, file, files[file])));
                }
            },
            iter: 20);

    [Theory]
    [InlineData("7B7D0D", true)]
    [InlineData("EFBBBF7B7D", true)]
    [InlineData("7B00227D", true)]
    [InlineData("220D22", true)]
    [InlineData("FF", false)]
    [InlineData("C0AF", false)]
    [InlineData("EDA080", false)]
    [InlineData("F4908080", false)]
    public async Task RunAsync_PeculiarRecord_IsTextExactlyWhenItIsUtf8(string hex, bool isText)
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await lake.Store.PutAsync("raw/transaction/one.json", Convert.FromHexString($"0A{hex}0A"), s_token);
        await RunAsync(lake);
        BronzeRecord row = Assert.Single(await BronzeRows.ReadAsync(lake, s_domain, s_token));
        Assert.Equal((hex, isText, 1L), (row.Payload, row.IsText, row.Offset));
    }

    [Fact]
    public async Task RunAsync_LineOf50Megabytes_IsOneRecordAmongOthers()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        byte[] line = new byte[50_000_000];
        Array.Fill(line, (byte)'x');
        await lake.Store.PutAsync("raw/transaction/long.json", (byte[])[(byte)'1', (byte)'\n', .. line, (byte)'\n', (byte)'2'], s_token);
        await RunAsync(lake);
        Assert.Equal([1L, 50_000_000L, 1L], (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => (long)row.Payload.Length / 2));
    }

    [Fact]
    public async Task RunAsync_Emulation_IsTakenOnceWithItsOrigin()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        EmulationResult emulation = await EmulateAsync(lake, 0, 2_000);
        await lake.Store.PutAsync("raw/transaction/foreign.json", "{}"u8.ToArray(), s_token);
        await lake.Store.PutAsync($"raw/transaction/{emulation.Emulation}/note.json", "note"u8.ToArray(), s_token);
        await lake.Store.PutAsync("raw/other/foreign.json", "{}"u8.ToArray(), s_token);
        FixedClock clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
        BronzeResult first = await RunAsync(lake, clock, threads: 2);
        Assert.Equal(2_002, first.Records);
        Assert.Equal(0, (await RunAsync(lake)).Objects);

        List<BronzeRecord> rows = await BronzeRows.ReadAsync(lake, s_domain, s_token);
        Assert.All(rows, row => Assert.Equal((0L, "json", clock.GetUtcNow().UtcDateTime, null, null, false), (row.Batch, row.Format, row.IngestedAt, row.Key, row.Timestamp, row.IsTombstone)));
        Assert.Equal(["raw/transaction/foreign.json", $"raw/transaction/{emulation.Emulation}/note.json"], rows.Where(row => row.Emulation is null).Select(row => row.Source).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(2_000, rows.Count(row => row.Emulation == emulation.Emulation.ToString()));
        Assert.All(rows.GroupBy(row => row.Source), source => Assert.Equal(Enumerable.Range(0, source.Count()).Select(line => (long)line), source.Select(row => row.Offset)));
    }

    [Fact]
    public async Task RunAsync_MissingChunk_HoldsBackThoseAfterIt()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        IReadOnlyList<ChunkInfo> chunks = await ChunksOf(lake, await EmulateAsync(lake, 0, 2_000));
        byte[] second = (await lake.Store.ReadAsync(chunks[1].Key, s_token))!;
        await lake.Store.DeleteAsync(chunks[1].Key, s_token);
        Assert.Equal(chunks[0].Rows, (await RunAsync(lake)).Records);

        // Raw may be cleaned up once Bronze has it: what was ingested is there for good.
        await lake.Store.DeleteAsync(chunks[0].Key, s_token);
        await lake.Store.PutAsync(chunks[1].Key, second, s_token);
        Assert.Equal(2_000 - chunks[0].Rows, (await RunAsync(lake)).Records);
        Assert.Equal(2_000, (await BronzeRows.ReadAsync(lake, s_domain, s_token)).DistinctBy(row => row.Payload).Count());
    }

    [Fact]
    public async Task RunAsync_NoRecords_CommitsTheBatchAndGoesOn()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await lake.Store.PutAsync("raw/transaction/empty.json", ReadOnlyMemory<byte>.Empty, s_token);
        await lake.Store.PutAsync("raw/transaction/blank.json", "\n \r\n\t"u8.ToArray(), s_token);
        Assert.Equal(new BronzeResult(2, 0, 0), await RunAsync(lake));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(lake));
        Assert.Empty(await BronzeRows.ReadAsync(lake, s_domain, s_token));
    }

    [Fact]
    public async Task RunAsync_KilledAtAnyWrite_TakesEveryRecordOnce()
    {
        int writes = int.MaxValue;
        for (int death = 0; death < writes; death++)
        {
            using TemporaryFolder folder = new();
            Lake lake = await Lake.OpenAsync(folder.Path, s_token);
            await EmulateAsync(lake, 0, 1_000);
            await RunAsync(lake);
            await EmulateAsync(lake, 1_000, 1_000);
            FailingStore store = null!;
            int last = death;
            Task<BronzeResult> killed = RunAsync(lake.Through(inner => store = new FailingStore(inner, last)));
            if (await Task.WhenAny(killed) is { IsCompletedSuccessfully: true })
            {
                writes = store.Writes;
            }

            await RunAsync(lake);
            List<BronzeRecord> rows = await BronzeRows.ReadAsync(lake, s_domain, s_token);
            Assert.Equal(2_000, rows.Count);
            Assert.Equal(2_000, rows.DistinctBy(row => row.Payload).Count());
            Assert.Equal([0L, 1L], rows.Select(row => row.Batch).Distinct());
        }

        Assert.InRange(writes, 3, 100);
    }

    [Fact]
    public async Task RunAsync_TableLost_IsMadeAgainFromItsRecordedBatches()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await EmulateAsync(lake, 0, 500);
        await RunAsync(lake);
        await EmulateAsync(lake, 500, 500);
        await RunAsync(lake);
        Directory.Delete(folder.Combine("bronze"), recursive: true);
        Assert.Equal(1_000, (await RunAsync(lake)).Records);
        Assert.Equal([0L, 1L], (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => row.Batch).Distinct());
    }

    [Fact]
    public async Task RunAsync_RecordedObjectGone_NamesItAndTheRemedy()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await lake.Store.PutAsync("raw/transaction/gone.json", "{}"u8.ToArray(), s_token);
        await Assert.ThrowsAsync<StorageException>(() => RunAsync(lake.Through(inner => new FailingStore(inner, 2))));
        await lake.Store.DeleteAsync("raw/transaction/gone.json", s_token);
        await lake.Store.PutAsync("raw/transaction/other.json", "{}"u8.ToArray(), s_token);
        for (int run = 0; run < 2; run++)
        {
            BronzeResult result = await RunAsync(lake);
            ObjectRemark remark = Assert.Single(result.Remarks);
            Assert.Equal((1L - run, ObjectState.Waits), (result.Records, remark.State));
            Assert.Contains("raw/transaction/gone.json is missing", remark.Reason, StringComparison.Ordinal);
            Assert.Contains("restore", remark.Reason, StringComparison.Ordinal);
        }

        await lake.Store.PutAsync("raw/transaction/gone.json", "{}"u8.ToArray(), s_token);
        BronzeResult restored = await RunAsync(lake);
        Assert.Equal((1L, 0), (restored.Records, restored.Remarks.Count));
    }

    [Fact]
    public async Task RunAsync_TableAheadOfItsRecords_IsRefused()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await EmulateAsync(lake, 0, 10);
        await RunAsync(lake);
        Directory.Delete(folder.Combine("_lakelab/progress"), recursive: true);
        LakeException refusal = await Assert.ThrowsAsync<LakeException>(() => RunAsync(lake));
        Assert.Contains("_lakelab/progress/bronze.transactions/", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_CommitsNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await EmulateAsync(lake, 0, 1_000);
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BronzeIngestion.RunAsync(lake, s_domain, BronzeSources.RawOnly, 1, TimeProvider.System, null, cancel.Token));
        Assert.Equal(1_000, (await RunAsync(lake)).Records);
    }

    [Fact]
    public async Task RunAsync_Files_HaveStatisticsThatFindABatch()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        await EmulateAsync(lake, 0, 100);
        await RunAsync(lake);
        Snapshot snapshot = await new DeltaTable(lake.Store, "bronze/transactions").GetSnapshotAsync(s_token);
        string statistics = Assert.Single(snapshot.Files).Statistics!;
        Assert.Contains("\"numRecords\":100", statistics, StringComparison.Ordinal);
        Assert.Contains("\"_batch\":0", statistics, StringComparison.Ordinal);
        Assert.Equal("true", snapshot.Metadata.Configuration["delta.appendOnly"]);
    }

    [Fact]
    public async Task RunAsync_ForeignFileCutOff_IsNamedAndBarsNothing()
    {
        using TemporaryFolder folder = new();
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        using MemoryStream file = new();
        await using (System.IO.Compression.GZipStream gzip = new(file, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("user_id,amount\n" + string.Concat(Enumerable.Range(0, 1_000).Select(row => $"{row * 7919},1.50\n"))));
        }

        await lake.Store.PutAsync("raw/transaction/b.csv", "user_id,amount\n1,2.50\n\"x\n"u8.ToArray(), s_token);
        await lake.Store.PutAsync("raw/transaction/a.csv.gz", file.ToArray().AsMemory(..(int)(file.Length / 2)), s_token);
        BronzeResult result = await RunAsync(lake);
        Assert.Equal(2, result.Records);
        Assert.Contains("raw/transaction/a.csv.gz is damaged", Assert.Single(result.Remarks).Reason, StringComparison.Ordinal);
        Assert.Equal(
            [(0L, Convert.ToHexString("""{"user_id":1,"amount":2.50}"""u8), "csv"), (1L, "2278", "csv")],
            (await BronzeRows.ReadAsync(lake, s_domain, s_token)).Select(row => (row.Offset, row.Payload, row.Format)));

        await lake.Store.PutAsync("raw/transaction/a.csv.gz", file.ToArray(), s_token);
        Assert.Equal(1_000, (await RunAsync(lake)).Records);
    }

    private static Task<BronzeResult> RunAsync(Lake lake, TimeProvider? clock = null, int threads = 1) =>
        BronzeIngestion.RunAsync(lake, s_domain, BronzeSources.RawOnly, threads, clock ?? TimeProvider.System, null, s_token);

    private static Task<EmulationResult> EmulateAsync(Lake lake, long first, long rows) =>
        Emulator.RunAsync(new EmulationRequest(s_domain, s_world, first, rows) { MaxChunkSize = 100_000 }, lake, new EmulationControl(), s_token);

    private static async Task<IReadOnlyList<ChunkInfo>> ChunksOf(Lake lake, EmulationResult emulation)
    {
        ManifestStore manifests = new(lake.Store);
        return await manifests.ListChunksAsync((await manifests.FindAsync(emulation.Emulation, s_token))!, s_token);
    }

    // What begins like UTF-16 or UTF-32 is refused.
    private static bool IsNotOfOtherEncoding(byte[] file) => file.Take(4).All(symbol => symbol is not (0 or 0xFE or 0xFF));

    // The file with the content of blank lines left out, which is all that Bronze does not keep.
    private static byte[] Unblanked(byte[] file) =>
        Encoding.Latin1.GetBytes(string.Join('\n', Encoding.Latin1.GetString(file).Split('\n').Select(line => line.Trim(' ', '\t', '\r').Length == 0 ? "" : line)));

    private static byte[] Joined(List<BronzeRecord> rows, int file, byte[] original)
    {
        string[] lines = new string[original.Count(symbol => symbol == (byte)'\n') + 1];
        foreach (BronzeRecord row in rows.Where(row => row.Source == $"raw/transaction/{file}.json"))
        {
            Assert.Null(lines[row.Offset]);
            lines[row.Offset] = Encoding.Latin1.GetString(Convert.FromHexString(row.Payload));
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
