using LakehouseLab.Decoding;
using LakehouseLab.Decoding.Files;
using LakehouseLab.Delta;
using LakehouseLab.Delta.Snapshots;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline.Bronze;
using LakehouseLab.Pipeline.Bronze.Batches;
using LakehouseLab.Storage.Failures;
using LakehouseLab.Storage.Objects;
using ParquetSharp;

using Encoding = System.Text.Encoding;

namespace LakehouseLab.Tests.Decoding;

public sealed class RecordDecoderTests
{
    // More than a row group of Bronze, so that what is gathered for one must be forgotten for the next.
    private const int Records = 130_000;
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task DecodeAsync_RowGroupsWithRefusals_KeepsEveryRowInItsPlace()
    {
        using TemporaryFolder folder = new();
        (IReadOnlyList<DecodedFile> decoded, _) = await DecodeAsync(folder, 1, [.. Enumerable.Range(0, Records).Select(LineOf)]);
        FileSummary summary = Assert.Single(decoded).Summary;
        Assert.Equal((Records, 2 * 13, 13), (summary.Records, summary.Rejected, summary.UnknownMembers));
        Assert.False(summary.InEventTimeOrder);

        using ParquetFileReader file = new(decoded[0].Path);
        long row = 0;
        List<long> hashes = [];
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader columns = file.RowGroup(group);
            int rows = (int)columns.MetaData.NumRows;
            long?[] offsets = Read<long?>(columns, file, "_offset", rows);
            long?[] users = Read<long?>(columns, file, "user_id", rows);
            string?[] reasons = Read<string?>(columns, file, "_reason", rows);
            string?[] payloads = Read<string?>(columns, file, "payload", rows);
            byte[]?[] binaries = Read<byte[]?>(columns, file, "payload_bytes", rows);
            string?[] formats = Read<string?>(columns, file, "_format", rows);
            hashes.AddRange(Read<long?>(columns, file, "_key_hash", rows).OfType<long>());
            for (int i = 0; i < rows; i++, row++)
            {
                string? reason = (row % 10_000) switch { 17 => "not one JSON object", 18 => "not UTF-8", _ => null };
                Assert.Equal((row, reason), (offsets[i], reasons[i]));
                Assert.Equal(reason is null ? row : null, users[i]);
                Assert.Equal(reason == "not one JSON object" ? $"bad {row}" : null, payloads[i]);
                Assert.Equal(reason == "not UTF-8" ? [0xFF, (byte)('a' + (row / 10_000))] : null, binaries[i]);
                Assert.Equal(reason is null ? null : "json", formats[i]);
            }
        }

        Assert.Equal(decoded[0].KeyHashes, hashes);
        Assert.Equal(Records - 26, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(0, 1, 2, true)]
    [InlineData(0, 0, 1, true)]
    [InlineData(0, 2, 1, false)]
    public async Task DecodeAsync_EventTimes_TellsWhetherTheyAscend(int first, int second, int third, bool ordered)
    {
        using TemporaryFolder folder = new();
        (IReadOnlyList<DecodedFile> decoded, _) = await DecodeAsync(folder, 1, [.. new[] { first, second, third }.Select((minute, row) => RecordOf(row, minute))]);
        Assert.Equal(ordered, Assert.Single(decoded).Summary.InEventTimeOrder);
    }

    [Theory]
    [InlineData("raw/transaction/a.json", "json", 0, true)]
    [InlineData("raw/transaction/a.json#2", "json", 0, true)]
    [InlineData("raw/transaction/a.json", "json", 1, false)]
    [InlineData("raw/transaction/a.csv", "csv", 0, false)]
    [InlineData("transactions-0", "json", 0, false)]
    [InlineData("quarantine/1", "json", 0, false)]
    public async Task DecodeAsync_ByteOrderMark_IsAcceptedAtTheStartOfAnObjectAlone(string source, string format, long offset, bool isAccepted)
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("bronze.parquet");
        using (BronzeFile file = new(path, 0, 0))
        {
            file.Begin(format, source, null);
            file.Add([.. Encoding.UTF8.Preamble, .. RecordOf(1, 1)], offset);
            file.Close();
        }

        IReadOnlyList<DecodedFile> decoded = await new RecordDecoder(BuiltIn.Transaction, [], quarantineForeign: false).DecodeAsync([path], folder.Path, 1, s_token);
        Assert.Equal(isAccepted ? 0 : 1, Assert.Single(decoded).Summary.Rejected);
    }

    [Fact]
    public async Task DecodeAsync_TwoThreads_GivesTheSameFilesInTheSameOrder()
    {
        using TemporaryFolder folder = new();
        (IReadOnlyList<DecodedFile> one, string[] files) = await DecodeAsync(folder, 1, [RecordOf(1, 1)], [RecordOf(2, 2), "bad"u8.ToArray()], [RecordOf(3, 3)]);
        string other = Directory.CreateDirectory(folder.Combine("other")).FullName;
        IReadOnlyList<DecodedFile> two = await new RecordDecoder(BuiltIn.Transaction, [], quarantineForeign: false).DecodeAsync(files, other, 2, s_token);
        Assert.Equal([1L, 2L, 1L], two.Select(file => file.Summary.Records));
        Assert.Equal(one.Select(file => Convert.ToHexString(File.ReadAllBytes(file.Path))), two.Select(file => Convert.ToHexString(File.ReadAllBytes(file.Path))));
    }

    [Fact]
    public async Task DecodeAsync_DamagedFile_NamesIt()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("damaged.parquet");
        await File.WriteAllTextAsync(path, "PAR1 but no more", s_token);
        StorageException failure = await Assert.ThrowsAsync<StorageException>(
            () => new RecordDecoder(BuiltIn.Transaction, [], quarantineForeign: false).DecodeAsync([path, path], folder.Path, 2, s_token));
        Assert.Contains("damaged.parquet", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] LineOf(int row) => (row % 10_000) switch
    {
        17 => Encoding.UTF8.GetBytes($"bad {row}"),
        18 => [0xFF, (byte)('a' + (row / 10_000))],
        19 => [.. RecordOf(row, row % 60)[..^1], .. ",\"more\":1}"u8],
        _ => RecordOf(row, row % 60),
    };

    private static byte[] RecordOf(int row, int minute) => Encoding.UTF8.GetBytes(FormattableString.Invariant(
        $"{{\"transaction_id\":\"{row:x8}-89ab-8def-8123-456789abcdef\",\"user_id\":{row},\"amount\":1,\"currency\":\"EUR\",\"merchant\":\"Oak\",\"timestamp\":\"2026-01-01T00:{minute:D2}:00Z\",\"location\":\"Wien, AT\"}}"));

    // Each array of lines becomes a batch, so a Bronze file, of its own.
    private static async Task<(IReadOnlyList<DecodedFile> Decoded, string[] Files)> DecodeAsync(TemporaryFolder folder, int threads, params byte[][][] batches)
    {
        Lake lake = await Lake.OpenAsync(folder.Path, s_token);
        DeltaTable table = new(lake.Store, "bronze/transactions");
        using LocalLease lease = new();
        List<string> files = [];
        foreach ((int batch, byte[][] lines) in batches.Index())
        {
            await lake.Store.PutAsync($"raw/transaction/{batch}.json", lines.SelectMany(line => (byte[])[.. line, (byte)'\n']).ToArray(), s_token);
            await BronzeIngestion.RunAsync(lake, BuiltIn.Transaction, BronzeSources.RawOnly, 1, TimeProvider.System, null, s_token);
            Snapshot snapshot = await table.GetSnapshotAsync(s_token);
            TableChanges changes = await table.GetChangesAsync(snapshot.Version - 1, snapshot.Version, s_token);
            files.Add(await table.GetLocalPathAsync(Assert.Single(changes.Added), lease, s_token));
        }

        string scratch = Directory.CreateDirectory(folder.Combine("decoded")).FullName;
        return (await new RecordDecoder(BuiltIn.Transaction, [], quarantineForeign: false).DecodeAsync(files, scratch, threads, s_token), [.. files]);
    }

    private static T[] Read<T>(RowGroupReader group, ParquetFileReader file, string column, int rows)
    {
        using ColumnReader reader = group.Column(file.FileMetaData.Schema.ColumnIndex(column));
        using LogicalColumnReader<T> values = reader.LogicalReader<T>();
        return values.ReadAll(rows);
    }
}
