using System.IO.Compression;
using System.Text;
using LakehouseLab.Emulation.Lakes;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Quarantine;
using LakehouseLab.Pipeline.Reports;
using LakehouseLab.Pipeline.Runs;
using LakehouseLab.Pipeline.Tables;
using ParquetSharp;
using ParquetSharp.Schema;
using Encoding = System.Text.Encoding;

namespace LakehouseLab.Tests.Pipeline;

/// <summary>Raw files in the encodings and with the line ends that other programs write.</summary>
public sealed class RawEncodingTests : IDisposable
{
    private const string Mark = "\uFEFF";
    private const string Header = "transaction_id,user_id,amount,currency,merchant,timestamp,location,is_fraud\n";
    private const string QuotedHeader = "\"transaction_id\",\"user_id\",\"amount\",\"currency\",\"merchant\",\"timestamp\",\"location\",\"is_fraud\"\n";

    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public RawEncodingTests() => _lake = Lake.OpenAsync(_folder.Path, s_token).GetAwaiter().GetResult();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_ByteOrderMarkAtTheStart_AllRecordsReachSilver()
    {
        string json = Mark + Json(1) + "\n" + Json(2) + "\n";
        await PutAsync("bom.csv", Encoding.UTF8.GetBytes(Mark + Header + Csv(3)));
        await PutAsync("quoted.csv", Encoding.UTF8.GetBytes(Mark + QuotedHeader + Csv(4)));
        await PutAsync("quoted.csv.gz", Pack("gz", Mark + QuotedHeader + Csv(5)));
        await PutAsync("bom.csv.zst", Pack("zst", Mark + Header + Csv(6)));
        await PutAsync("bom.json", Encoding.UTF8.GetBytes(json));
        await PutAsync("bom.json.gz", Pack("gz", Mark + Json(7)));
        await PutAsync("bom.ndjson.zst", Pack("zst", Mark + "\r\n" + Json(8) + "\r\n"));
        await PutAsync("only.json", Encoding.UTF8.GetBytes(Mark));
        PipelineReport report = await RunAsync();
        Assert.All(report.Bronze, bronze => Assert.Empty(bronze.Remarks));
        Assert.Equal(
            ["bom.csv 0", "bom.csv.zst 0", "bom.json 0", "bom.json 1", "bom.json.gz 0", "bom.ndjson.zst 1", "quoted.csv 0", "quoted.csv.gz 0"],
            await QueryAsync("SELECT replace(_source, 'raw/transaction/', '') || ' ' || _offset FROM silver.transactions ORDER BY _source, _offset"));
        Assert.Empty(await QueryAsync("SELECT reason FROM silver.quarantine"));
    }

    [Fact]
    public async Task RunAsync_ByteOrderMarkElsewhere_IsNoRecord()
    {
        await PutAsync("twice.json", Encoding.UTF8.GetBytes(Mark + Mark + Json(1) + "\n" + Json(2) + "\n" + Mark + Json(3)));
        await PutAsync("rows.csv", Encoding.UTF8.GetBytes(Header + Mark + "\"x\",1\n" + Csv(4)));
        await RunAsync();
        Assert.Equal(
            ["rows.csv | 0 | CSV: a quote within a field, or text behind a closing quote", "twice.json | 0 | not one JSON object", "twice.json | 2 | not one JSON object"],
            await QueryAsync("SELECT replace(_source, 'raw/transaction/', ''), _offset, reason FROM silver.quarantine ORDER BY _source, _offset"));
        Assert.Equal(["2"], await QueryAsync("SELECT count(*) FROM silver.transactions"));
    }

    [Fact]
    public async Task RunAsync_UnreadableCsvRecords_AreQuarantinedWithReasonsOfCsv()
    {
        await PutAsync("a.csv", Encoding.UTF8.GetBytes($"{Header}t,1,2\nt\na\"b,1\n\"x\"y,1\n{Csv(1)}\"open,1\n"));
        await RunAsync();
        Assert.Equal(
            [
                "0 | CSV: 3 fields, not as many as the header names", "1 | CSV: 1 field, not as many as the header names",
                "2 | CSV: a quote within a field, or text behind a closing quote", "3 | CSV: a quote within a field, or text behind a closing quote",
                "5 | CSV: a quote that is not closed",
            ],
            await QueryAsync("SELECT _offset, reason FROM silver.quarantine ORDER BY _offset"));
    }

    [Theory]
    [InlineData("utf-16", "json", "UTF-16 (little-endian)")]
    [InlineData("utf-16BE", "json", "UTF-16 (big-endian)")]
    [InlineData("utf-16", "csv", "UTF-16 (little-endian)")]
    [InlineData("utf-32", "json", "UTF-32 (little-endian)")]
    [InlineData("utf-32BE", "csv", "UTF-32 (big-endian)")]
    public async Task RunAsync_OtherEncoding_IsRefusedByItsName(string encoding, string format, string name)
    {
        Encoding writer = Encoding.GetEncoding(encoding);
        byte[] plain = writer.GetBytes(format == "json" ? Json(1) : Header + Csv(1));
        await PutAsync($"marked.{format}", [.. writer.Preamble, .. plain]);
        await PutAsync($"plain.{format}", plain);
        await PutAsync($"packed.{format}.gz", Pack("gz", plain));
        await PutAsync("good.json", Encoding.UTF8.GetBytes(Json(2)));
        BronzeOutcome bronze = (await RunAsync()).Bronze.Single(table => table.Table == "bronze.transactions");
        Assert.Equal((1L, null), (bronze.Records, bronze.Failure));
        Assert.Equal([$"marked.{format}", $"packed.{format}.gz", $"plain.{format}"], bronze.Remarks.Select(remark => remark.Key["raw/transaction/".Length..]));
        Assert.All(bronze.Remarks, remark => Assert.Contains($"is {name}: write it as UTF-8", remark.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lines.csv")]
    [InlineData("quoted.csv")]
    [InlineData("lines.json")]
    [InlineData("lines.json.gz")]
    public async Task RunAsync_LinesEndWithCarriageReturnsAlone_IsRefusedByThatName(string name)
    {
        string text = name switch
        {
            "lines.csv" => Header + Csv(1) + Csv(2),
            "quoted.csv" => QuotedHeader + Csv(1) + Csv(2),
            _ => Json(1) + "\n" + Json(2) + "\n",
        };
        text = text.Replace('\n', '\r');
        await PutAsync(name, name.EndsWith(".gz", StringComparison.Ordinal) ? Pack("gz", text) : Encoding.UTF8.GetBytes(text));
        BronzeOutcome bronze = (await RunAsync()).Bronze.Single(table => table.Table == "bronze.transactions");
        Assert.Equal(0, bronze.Records);
        Assert.Contains($"{name} ends its lines with carriage returns alone", Assert.Single(bronze.Remarks).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CarriageReturnsWithinOneRecord_AreWhitespace()
    {
        await PutAsync("pretty.json", Encoding.UTF8.GetBytes(Json(1).Replace(",\"", ",\r\"", StringComparison.Ordinal) + "\r"));
        await RunAsync();
        Assert.Equal(["1"], await QueryAsync("SELECT count(*) FROM silver.transactions"));
    }

    [Fact]
    public async Task RunAsync_ParquetValuesWithoutAFormInJson_QuarantineTheirRowsAndNameTheColumn()
    {
        double[] amounts = [12.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.25];
        string path = _folder.Combine("a.parquet");
        using (GroupNode schema = ParquetSchema())
        using (WriterProperties properties = WriterProperties.GetDefaultWriterProperties())
        using (ParquetFileWriter writer = new(path, schema, properties))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                Write(group, [.. amounts.Select((_, row) => Id(row))]);
                Write(group, [.. amounts.Select((_, row) => row + 1L)]);
                Write(group, amounts);
                Write(group, [.. amounts.Select(_ => "EUR")]);
                Write(group, [.. amounts.Select(_ => "Oak")]);
                using (ColumnWriter<long> instants = (ColumnWriter<long>)group.NextColumn())
                {
                    instants.WriteBatch([.. Enumerable.Repeat(1_774_747_800_000_000, 4), long.MaxValue]);
                }

                Write(group, [.. amounts.Select(_ => "Wien, AT")]);
            }

            writer.Close();
        }

        await PutAsync("a.parquet", await File.ReadAllBytesAsync(path, s_token));
        BronzeOutcome bronze = (await RunAsync()).Bronze.Single(table => table.Table == "bronze.transactions");
        Assert.Equal((5L, 0), (bronze.Records, bronze.Remarks.Count));
        Assert.Equal(["1 | 12.5000"], await QueryAsync("SELECT user_id, amount FROM silver.transactions"));
        List<string> reasons = await QueryAsync("SELECT _offset || ' ' || reason FROM silver.quarantine ORDER BY _offset");
        Assert.Equal(["1 amount: NaN instead of a number", "2 amount: Infinity instead of a number", "3 amount: -Infinity instead of a number"], reasons.Take(3));
        Assert.StartsWith("4 timestamp: ", Assert.Single(reasons.Skip(3)), StringComparison.Ordinal);
    }

    private static GroupNode ParquetSchema() => new("schema", Repetition.Required,
    [
        Text("transaction_id"),
        new PrimitiveNode("user_id", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
        new PrimitiveNode("amount", Repetition.Required, LogicalType.None(), PhysicalType.Double),
        Text("currency"),
        Text("merchant"),
        new PrimitiveNode("timestamp", Repetition.Required, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros), PhysicalType.Int64),
        Text("location"),
    ]);

    private static PrimitiveNode Text(string name) => new(name, Repetition.Required, LogicalType.String(), PhysicalType.ByteArray);

    private static void Write<T>(RowGroupWriter group, T[] values)
    {
        using LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch(values);
    }

    private static string Id(int number) => $"0000abc0-0000-0000-0000-{number:x12}";

    private static string Json(int number) =>
        $$"""{"transaction_id": "{{Id(number)}}","user_id": 7,"amount": 12.5,"currency": "EUR","merchant": "Café Ü","timestamp": "2026-03-29T01:30:00Z","location": "Paris, FR","is_fraud": false}""";

    private static string Csv(int number) => $"{Id(number)},7,12.5,EUR,Café Ü,2026-03-29T01:30:00Z,\"Paris, FR\",false\n";

    private static byte[] Pack(string ending, string text) => Pack(ending, Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(string ending, byte[] content)
    {
        using MemoryStream file = new();
        using (Stream packer = ending == "gz" ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true) : new ZstdSharp.CompressionStream(file, leaveOpen: true))
        {
            packer.Write(content);
        }

        return file.ToArray();
    }

    private async Task PutAsync(string name, byte[] bytes) => await _lake.Store.PutAsync($"raw/transaction/{name}", bytes, s_token);

    private Task<PipelineReport> RunAsync() =>
        PipelineRun.RunAsync(_lake, new PipelineRequest { Select = "silver.transactions" }, TimeProvider.System, null, s_token);

    private Task<List<string>> QueryAsync(string sql) => LakeQueries.QueryAsync(_lake, _folder.Path, sql, [new TableName("silver", "transactions"), QuarantineTable.Name]);
}
