using System.IO.Compression;
using System.Text;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Files;

namespace LakehouseLab.Tests.Formats;

/// <summary>Objects of others, and ones that are not what they should be.</summary>
public sealed class RecordReaderTests
{
    private const string Header = "transaction_id,user_id,amount,merchant,is_fraud\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("t,1,12.50,Shop,false\n", """{"transaction_id":"t","user_id":1,"amount":12.50,"merchant":"Shop","is_fraud":false}""")]
    [InlineData("t,1,12.50,Shop,false", """{"transaction_id":"t","user_id":1,"amount":12.50,"merchant":"Shop","is_fraud":false}""")]
    [InlineData("t,1,12.50,Shop,false\r\n", """{"transaction_id":"t","user_id":1,"amount":12.50,"merchant":"Shop","is_fraud":false}""")]
    [InlineData("\"t\",\"1\",\"12.50\",\"Shop\",\"true\"\r\n", """{"transaction_id":"t","user_id":1,"amount":12.50,"merchant":"Shop","is_fraud":true}""")]
    [InlineData("t,,,\"\",\n", """{"transaction_id":"t","merchant":""}""")]
    [InlineData(",,,,\n", "{}")]
    [InlineData("t,007,+5,1e2,TRUE\n", """{"transaction_id":"t","user_id":"007","amount":"+5","merchant":"1e2","is_fraud":"TRUE"}""")]
    [InlineData("t,-0,1e2,x,x\n", """{"transaction_id":"t","user_id":-0,"amount":1e2,"merchant":"x","is_fraud":"x"}""")]
    [InlineData("t,1,.5,\"a \"\"b\"\" c\",x\n", """{"transaction_id":"t","user_id":1,"amount":".5","merchant":"a \"b\" c","is_fraud":"x"}""")]
    [InlineData("t,1,5.,\"a,\nb\",x\n", "{\"transaction_id\":\"t\",\"user_id\":1,\"amount\":\"5.\",\"merchant\":\"a,\\u000ab\",\"is_fraud\":\"x\"}")]
    public async Task Csv_ReadableRecord_IsJson(string record, string json) => Assert.Equal([(0, json)], await ReadAsync("x.csv", Header + record));

    [Theory]
    [InlineData("t,1,2,3\n")]
    [InlineData("t,1,2,3,4,5\n")]
    [InlineData("t,1,2,a\"b,4\n")]
    [InlineData("t,1,2,\"a\"b,4\n")]
    [InlineData("t,1,2,\"a,4\n")]
    [InlineData("\"\n")]
    public async Task Csv_UnreadableRecord_IsItsTextAndTheNextIsRead(string record) => Assert.Equal(
        [(0, """{"transaction_id":"a"}"""), (1, record.TrimEnd('\n')), (2, """{"transaction_id":"b"}""")],
        await ReadAsync("x.csv", $"{Header}a,,,,\n{record}b,,,,\n"));

    [Fact]
    public async Task Csv_QuoteNeverClosed_CostsOneRecordOfAny()
    {
        string rest = string.Concat(Enumerable.Range(0, 200_000).Select(row => $"r{row},1,2,Shop,\n"));
        List<(long, string)> records = await ReadAsync("x.csv", $"{Header}t,1,2,\"open,\n{rest}");
        Assert.Equal((0, "t,1,2,\"open,"), records[0]);
        Assert.Equal(200_001, records.Count);
        Assert.Equal("""{"transaction_id":"r199999","user_id":1,"amount":2,"merchant":"Shop"}""", records[^1].Item2);
    }

    [Fact]
    public async Task Csv_NotUtf8_IsItsBytes()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(Header), (byte)'t', (byte)',', 0xFF, (byte)',', (byte)',', (byte)',', (byte)'\n'];
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        await store.PutAsync("x.csv", bytes, Token);
        using RecordReader reader = await FormatReaders.OpenAsync(store, "x.csv", BuiltIn.Transaction.Schema, ChunkFormat.OfRaw("x.csv"), Token);
        Assert.True(reader.TryRead(out ReadOnlySpan<byte> record));
        Assert.Equal("74FF2C2C2C".Insert(2, "2C"), Convert.ToHexString(record));
    }

    [Fact]
    public async Task Csv_ColumnsInAnotherOrderAndUnknownOnes_AreByName() => Assert.Equal(
        [(0, """{"user_id":7,"currency":"EUR","note":"12","a \"b\"":"x"}""")],
        await ReadAsync("x.csv", "\uFEFFnote,currency,\"a \"\"b\"\"\",user_id\r\n12,EUR,x,7\r\n"));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("t,1,2,3,4\n", "does not begin with the names")]
    [InlineData("user_id,amount,user_id\n", "more than one column 'user_id'")]
    [InlineData("user_id,\"amount\n", "does not begin with the names")]
    public async Task Csv_WithoutHeader_IsRefusedByName(string text, string words)
    {
        UnreadableObjectException refusal = await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync("x.csv", text));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("x.csv", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.json.gz")]
    [InlineData("x.json.zst")]
    public async Task Compressed_CutOffAnywhere_IsNeverTakenForWhole(string key)
    {
        string text = string.Concat(Enumerable.Range(0, 40).Select(row => $$"""{"user_id":{{row * 7919}}}""" + "\n"));
        byte[] whole = Compress(key, Encoding.UTF8.GetBytes(text));
        Assert.Equal(40, (await ReadAsync(key, whole)).Count);
        for (int length = 0; length < whole.Length; length++)
        {
            await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync(key, whole[..length]));
        }

        UnreadableObjectException refusal = await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync(key, [.. whole, 1, 2, 3]));
        Assert.Contains($"{key} is damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_OfSeveralFilesInARow_IsReadWhole()
    {
        byte[] one = Compress("x.json.gz", "{\"user_id\":1}\n"u8.ToArray());
        Assert.Equal([(0, """{"user_id":1}"""), (1, """{"user_id":1}""")], await ReadAsync("x.ndjson.gz", [.. one, .. one]));
    }

    [Fact]
    public void TryOfExtension_AnyName_IsTheFormatOrNone() => Assert.Equal(
        ["json", "json", "json.gz", "json.zst", "csv", "csv.gz", "parquet", "csv", "json.gz", null, null, null, null, null],
        ((string[])["a/b.json", "b.jsonl", "b.ndjson.gz", "b.json.zst", "b.csv", "b.csv.gz", "b.parquet", "B.CSV", "b.NdJson.GZ", "b.txt", "b", "b.parquet.gz", "b.json.bz2", "b.avsc"])
            .Select(key => ChunkFormat.TryOfExtension(key)?.Extension));

    private static byte[] Compress(string key, byte[] bytes)
    {
        using MemoryStream file = new();
        using (Stream compressor = key.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true) : new ZstdSharp.CompressionStream(file, leaveOpen: true))
        {
            compressor.Write(bytes);
        }

        return file.ToArray();
    }

    private static Task<List<(long Offset, string Record)>> ReadAsync(string key, string text) => ReadAsync(key, Encoding.UTF8.GetBytes(text));

    private static async Task<List<(long Offset, string Record)>> ReadAsync(string key, byte[] bytes)
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        await store.PutAsync(key, bytes, Token);
        using RecordReader reader = await FormatReaders.OpenAsync(store, key, BuiltIn.Transaction.Schema, ChunkFormat.OfRaw(key), Token);
        List<(long, string)> records = [];
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            records.Add((reader.Offset, Encoding.UTF8.GetString(record)));
        }

        return records;
    }
}
