using System.IO.Compression;
using System.Text;
using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Emulation.Manifests;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats.Records;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Tests.Storage;
using LakehouseLab.World;
using LakehouseLab.World.Domains;
using LakehouseLab.World.Settings;

namespace LakehouseLab.Tests.Pipeline.Bronze.Objects;

/// <summary>What a run makes of the objects that are in <c>raw/</c>: which it ingests, which wait, and which have changed since.</summary>
public sealed class RawIntakeTests : IDisposable
{
    private const string Line = "{}\n";

    private static readonly Domain s_domain = BuiltIn.Transaction;
    private static readonly EmulatedWorld s_world = new(new WorldSettings { Users = 100 });
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public RawIntakeTests() => _lake = Lake.OpenAsync(_folder.Path, s_token).GetAwaiter().GetResult();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("_SUCCESS")]
    [InlineData(".hidden.json")]
    [InlineData("_temporary/0/part-0.json")]
    [InlineData("a/.staging/part-0.json")]
    [InlineData(".part-0.json.crc")]
    [InlineData("part-0.json.crc")]
    [InlineData("y.json.tmp")]
    [InlineData("y.json.INPROGRESS")]
    [InlineData("y.csv.part")]
    [InlineData("y.csv.partial")]
    [InlineData("y.parquet.crdownload")]
    public async Task RunAsync_NameThatNobodyMeansAsRecords_IsIgnored(string name)
    {
        await PutAsync(name, Line);
        await PutAsync("good.json", Line);
        BronzeResult result = await RunAsync();
        Assert.Equal((1L, 1L, 0), (result.Objects, result.Records, result.Remarks.Count));
        BronzeBacklog backlog = await LookAsync();
        Assert.Equal((0L, 0), (backlog.Objects, backlog.Remarks.Count));
    }

    [Theory]
    [InlineData("x.avsc")]
    [InlineData("data.json.bz2")]
    [InlineData("note.txt")]
    [InlineData("noending")]
    [InlineData("x.parquet.gz")]
    public async Task RunAsync_UnknownEnding_IsNamedAndLeftOut(string name)
    {
        await PutAsync(name, Line);
        await PutAsync("good.json", Line);
        BronzeResult result = await RunAsync();
        Assert.Equal((1L, 1L), (result.Objects, result.Records));
        ObjectRemark remark = Assert.Single(result.Remarks);
        Assert.Equal(($"raw/transaction/{name}", ObjectState.LeftOut, false), (remark.Key, remark.State, remark.IsFinding));
        Assert.Contains($"raw/transaction/{name} is left out", remark.Reason, StringComparison.Ordinal);
        Assert.Equal([remark], (await LookAsync()).Remarks);
    }

    [Theory]
    [InlineData("DATA.CSV", "user_id\n7\n", "csv")]
    [InlineData("Data.Json", "{\"user_id\":7}\n", "json")]
    [InlineData("data.NDJSON", "{\"user_id\":7}\n", "json")]
    public async Task RunAsync_EndingInAnyCase_IsItsFormat(string name, string text, string format)
    {
        await PutAsync(name, text);
        await RunAsync();
        BronzeRecord row = Assert.Single(await RowsAsync());
        Assert.Equal((format, Convert.ToHexString("""{"user_id":7}"""u8)), (row.Format, row.Payload));
    }

    [Theory]
    [InlineData("{}\n{}\n", "grew from 3 to 6 bytes")]
    [InlineData("", "shrank from 3 to 0 bytes")]
    [InlineData("[]\n", "was rewritten")]
    public async Task RunAsync_IngestedObjectChanged_IsNamedUntilItIsRestored(string content, string words)
    {
        await PutAsync("a.json", Line);
        await RunAsync();
        await PutAsync("a.json", content);
        for (int run = 0; run < 2; run++)
        {
            BronzeResult result = await RunAsync();
            ObjectRemark remark = Assert.Single(result.Remarks);
            Assert.Equal((0L, ObjectState.Changed, true), (result.Objects, remark.State, remark.IsFinding));
            Assert.Contains($"raw/transaction/a.json {words} after its ingestion", remark.Reason, StringComparison.Ordinal);
            Assert.Contains("--reingest", remark.Reason, StringComparison.Ordinal);
            Assert.Contains("raw/transaction/a.json#2", remark.Reason, StringComparison.Ordinal);
            BronzeBacklog backlog = await LookAsync();
            Assert.Equal([remark], backlog.Remarks);
            Assert.Equal(0, backlog.Objects);
        }

        await PutAsync("a.json", Line);
        Assert.Empty((await RunAsync()).Remarks);
    }

    [Fact]
    public async Task RunAsync_ChunkOfAManifestChanged_IsNamed()
    {
        IReadOnlyList<ChunkInfo> chunks = await EmulateAsync(0, 1_000);
        await RunAsync();
        byte[] bytes = (await _lake.Store.ReadAsync(chunks[0].Key, s_token))!;
        bytes[^2] = (byte)' ';
        await _lake.Store.PutAsync(chunks[0].Key, bytes, s_token);
        ObjectRemark remark = Assert.Single((await RunAsync()).Remarks);
        Assert.Equal((chunks[0].Key, ObjectState.Changed), (remark.Key, remark.State));
    }

    [Fact]
    public async Task RunAsync_TouchedWithEqualContent_IsHarmlessAndReadOnce()
    {
        await PutAsync("a.json", Line);
        IReadOnlyList<ChunkInfo> chunks = await EmulateAsync(0, 100);
        await RunAsync();
        string[] keys = ["raw/transaction/a.json", chunks[0].Key];
        foreach (string key in keys)
        {
            File.SetLastWriteTimeUtc(_folder.Combine(key), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        ReadCounter counter = null!;
        Lake counted = _lake.Through(inner => counter = new ReadCounter(inner));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(counted));
        Assert.Equal(keys.Order(StringComparer.Ordinal), counter.Opened.Order(StringComparer.Ordinal));
        counter.Opened.Clear();
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(counted));
        Assert.Empty(counter.Opened);
    }

    [Fact]
    public async Task RunAsync_Reingest_BringsTheNewContentAsNewRecords()
    {
        await PutAsync("a.json", "{\"user_id\":1}\n");
        await RunAsync();
        await PutAsync("a.json", "{\"user_id\":1}\n{\"user_id\":2}\n");
        Assert.Equal(1, (await BronzeIngestion.CountNewAsync(_lake, s_domain, BronzeSources.RawOnly with { Reingest = true }, s_token)).Objects);
        BronzeResult second = await RunAsync(reingest: true);
        Assert.Equal((1L, 2L, 0), (second.Objects, second.Records, second.Remarks.Count));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync(reingest: true));
        await PutAsync("a.json", "{\"user_id\":3}\n");
        Assert.Contains("a.json#3", Assert.Single((await RunAsync()).Remarks).Reason, StringComparison.Ordinal);
        await RunAsync(reingest: true);
        Assert.Equal(
            [(0L, "raw/transaction/a.json", 0L), (1L, "raw/transaction/a.json#2", 0L), (1L, "raw/transaction/a.json#2", 1L), (2L, "raw/transaction/a.json#3", 0L)],
            (await RowsAsync()).Select(row => (row.Batch, row.Source, row.Offset)));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync());
    }

    [Fact]
    public async Task RunAsync_ReingestOfWhatCannotBeRead_Waits()
    {
        await PutAsync("a.json.gz", Gzip(Line));
        await RunAsync();
        await PutAsync("a.json.gz", Gzip(Line)[..^4]);
        BronzeResult result = await RunAsync(reingest: true);
        Assert.Equal(0, result.Objects);
        Assert.Equal(ObjectState.Waits, Assert.Single(result.Remarks).State);
    }

    [Fact]
    public async Task RunAsync_DamagedChunk_StopsItsOwnEmulationAlone()
    {
        IReadOnlyList<ChunkInfo> first = await EmulateAsync(0, 2_000, RecordCompression.Gzip);
        IReadOnlyList<ChunkInfo> second = await EmulateAsync(2_000, 2_000, RecordCompression.Gzip);
        Assert.True(first.Count > 3);
        byte[] whole = (await _lake.Store.ReadAsync(first[1].Key, s_token))!;
        byte[] damaged = [.. whole];
        damaged[damaged.Length / 2] ^= 0xFF;
        await _lake.Store.PutAsync(first[1].Key, damaged, s_token);
        await PutAsync("good.json", Line);

        for (int run = 0; run < 2; run++)
        {
            BronzeResult result = await RunAsync();
            Assert.Equal(run == 0 ? first[0].Rows + 2_000 + 1 : 0, result.Records);
            ObjectRemark remark = Assert.Single(result.Remarks);
            Assert.Equal((first[1].Key, ObjectState.Waits, true), (remark.Key, remark.State, remark.IsFinding));
            Assert.Contains($"{first[1].Key} is damaged", remark.Reason, StringComparison.Ordinal);
        }

        Assert.Contains("later chunks of its emulation wait", Assert.Single((await LookAsync()).Remarks).Reason, StringComparison.Ordinal);
        Assert.Equal(0, (await LookAsync()).Objects);
        await _lake.Store.PutAsync(first[1].Key, whole, s_token);
        Assert.Equal((2_000 - first[0].Rows, 0), (await RunAsync() is var rest ? rest.Records : 0, (await LookAsync()).Remarks.Count));
        Assert.Equal(4_001, (await RowsAsync()).DistinctBy(row => (row.Source, row.Offset)).Count());
        Assert.NotEmpty(second);
    }

    [Fact]
    public async Task RunAsync_DamagedChunks_RecordNoBatchesOnAndOn()
    {
        IReadOnlyList<ChunkInfo> chunks = await EmulateAsync(0, 1_000, RecordCompression.Gzip);
        byte[] whole = (await _lake.Store.ReadAsync(chunks[0].Key, s_token))!;
        await _lake.Store.PutAsync(chunks[0].Key, whole.AsMemory(..^1), s_token);
        await RunAsync();
        int records = Directory.GetFiles(_folder.Combine("_lakelab/progress/bronze.transactions")).Length;
        await RunAsync();
        await RunAsync();
        Assert.Equal(records, Directory.GetFiles(_folder.Combine("_lakelab/progress/bronze.transactions")).Length);
    }

    [Fact]
    public async Task RunAsync_UnreadableFile_WaitsAndTheOthersAreIngested()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "whoever may read everything cannot be refused a file");
        await PutAsync("a.json", Line);
        await PutAsync("b.json", Line);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Combine("raw/transaction/a.json"), UnixFileMode.None);
        }

        BronzeResult result = await RunAsync();
        Assert.Equal(1, result.Records);
        Assert.Contains("a.json", Assert.Single(result.Remarks).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ObjectChangedBetweenRecordAndRepeat_IsIngestedAsItIsNow()
    {
        await PutAsync("a.json", Line);
        await Assert.ThrowsAsync<StorageException>(() => RunAsync(_lake.Through(inner => new FailingStore(inner, 2))));
        await PutAsync("a.json", "{}\n{}\n");
        BronzeResult result = await RunAsync();
        Assert.Equal((2L, 0), (result.Records, result.Remarks.Count));
        Assert.Equal(new BronzeResult(0, 0, 0), await RunAsync());
        Assert.Equal(2, (await RowsAsync()).Count);
    }

    private static byte[] Gzip(string text)
    {
        using MemoryStream file = new();
        using (GZipStream gzip = new(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray();
    }

    private async Task PutAsync(string name, string text) => await PutAsync(name, Encoding.UTF8.GetBytes(text));

    private async Task PutAsync(string name, byte[] bytes) => await _lake.Store.PutAsync($"raw/transaction/{name}", bytes, s_token);

    private Task<BronzeResult> RunAsync(Lake? lake = null, bool reingest = false) =>
        BronzeIngestion.RunAsync(lake ?? _lake, s_domain, BronzeSources.RawOnly with { Reingest = reingest }, 1, TimeProvider.System, null, s_token);

    private Task<BronzeBacklog> LookAsync() => BronzeIngestion.CountNewAsync(_lake, s_domain, BronzeSources.RawOnly, s_token);

    private Task<List<BronzeRecord>> RowsAsync() => BronzeRows.ReadAsync(_lake, s_domain, s_token);

    private async Task<IReadOnlyList<ChunkInfo>> EmulateAsync(long first, long rows, RecordCompression compression = RecordCompression.None)
    {
        EmulationRequest request = new(s_domain, s_world, first, rows) { MaxChunkSize = 50_000, Format = new ChunkFormat(RecordFormat.Json, compression) };
        EmulationResult emulation = await Emulator.RunAsync(request, _lake, new EmulationControl(), s_token);
        ManifestStore manifests = new(_lake.Store);
        return await manifests.ListChunksAsync((await manifests.FindAsync(emulation.Emulation, s_token))!, s_token);
    }
}
