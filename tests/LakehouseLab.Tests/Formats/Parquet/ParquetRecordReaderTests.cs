using LakehouseLab.Emulation;
using LakehouseLab.Emulation.Progress;
using LakehouseLab.Emulation.Requests;
using LakehouseLab.Formats;
using LakehouseLab.Formats.Records;
using LakehouseLab.Storage.Files;
using LakehouseLab.World;
using LakehouseLab.World.Settings;
using ParquetSharp;
using ParquetSharp.Schema;

namespace LakehouseLab.Tests.Formats.Parquet;

/// <summary>Parquet files of others, and damaged ones.</summary>
public sealed class ParquetRecordReaderTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryRead_TypesOfOthers_AreJsonByTheirValues()
    {
        DateTime at = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        Column[] columns =
        [
            new Column<string?>("note"), new Column<int>("user_id"), new Column<double?>("amount"), new Column<string>("currency"),
            new Column<DateTime>("timestamp", LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros)),
            new Column<DateTime>("naive", LogicalType.Timestamp(isAdjustedToUtc: false, TimeUnit.Millis)),
            new Column<decimal>("wide", LogicalType.Decimal(28, 4)), new Column<bool?>("is_fraud"), new Column<Date>("day"), new Column<Guid>("transaction_id"),
        ];
        List<string> records = await ReadAsync(columns, group =>
        {
            Write<string?>(group, null, "n \"q\"");
            Write(group, 7, -8);
            Write<double?>(group, 12.5, null);
            Write(group, "USD", "JPY");
            Write(group, at, at.AddTicks(10));
            Write(group, at, at);
            Write(group, -0.0001m, 123456789012345678901234.5m);
            Write<bool?>(group, true, null);
            Write(group, new Date(2026, 2, 3), new Date(1969, 12, 31));
            Write(group, Guid.Parse("5c7d5d0d-c907-806c-8300-e151a812bd5b"), Guid.Empty);
        });
        Assert.Equal(
            [
                """{"transaction_id":"5c7d5d0d-c907-806c-8300-e151a812bd5b","user_id":7,"amount":12.5,"currency":"USD","timestamp":"2026-01-02T03:04:05.678Z","is_fraud":true,"naive":"2026-01-02T03:04:05.678","wide":-0.0001,"day":"2026-02-03"}""",
                """{"transaction_id":"00000000-0000-0000-0000-000000000000","user_id":-8,"currency":"JPY","timestamp":"2026-01-02T03:04:05.678001Z","note":"n \"q\"","naive":"2026-01-02T03:04:05.678","wide":123456789012345678901234.5000,"day":"1969-12-31"}""",
            ],
            records);
    }

    [Fact]
    public async Task TryRead_AmountsOfOneScale_HaveTheDecimalsOfTheirCurrency() => Assert.Equal(
        ["""{"amount":12.50,"currency":"USD"}""", """{"amount":1250,"currency":"JPY"}""", """{"amount":1.2345,"currency":"USD"}""", """{"amount":3,"currency":"?"}"""],
        await ReadAsync(
            [new Column<decimal>("amount", LogicalType.Decimal(18, 4)), new Column<string>("currency")],
            group =>
            {
                Write(group, 12.5m, 1250m, 1.2345m, 3m);
                Write(group, "USD", "JPY", "USD", "?");
            }));

    [Fact]
    public async Task Open_NestedColumn_IsRefusedByName()
    {
        UnreadableObjectException refusal = await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync([new Column<int[]>("user_id")], group => Write<int[]>(group, [1, 2])));
        Assert.Contains("user_id.list.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("x.parquet", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public async Task TryRead_NumberThatJsonHasNot_IsItsNameAsText(double value, string name) => Assert.Equal(
        [$$"""{"amount":"{{name}}"}""", """{"amount":1.5}"""],
        await ReadAsync([new Column<double>("amount")], group => Write(group, value, 1.5)));

    [Theory]
    [InlineData(2_932_896, "9999-12-31")]
    [InlineData(2_932_897, "day 2932897 since 1970-01-01")]
    [InlineData(-719_162, "0001-01-01")]
    [InlineData(-719_163, "day -719163 since 1970-01-01")]
    public async Task TryRead_DaysAtTheEdgesOfTheCalendar_AreDatesOrTexts(int day, string text)
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("days.parquet");
        using (GroupNode schema = new("schema", Repetition.Required,
        [
            new PrimitiveNode("user_id", Repetition.Required, LogicalType.None(), PhysicalType.Int32),
            new PrimitiveNode("day", Repetition.Required, LogicalType.Date(), PhysicalType.Int32),
        ]))
        using (WriterProperties properties = WriterProperties.GetDefaultWriterProperties())
        using (ParquetFileWriter writer = new(path, schema, properties))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                WriteInt(group, 7);
                WriteInt(group, day);
            }

            writer.Close();
        }

        Assert.Equal([$$"""{"user_id":7,"day":"{{text}}"}"""], await ReadAsync(await File.ReadAllBytesAsync(path, Token)));

        static void WriteInt(RowGroupWriter group, int value)
        {
            using ColumnWriter<int> column = (ColumnWriter<int>)group.NextColumn();
            column.WriteBatch([value]);
        }
    }

    [Fact]
    public async Task Open_OtherSchema_IsRefused()
    {
        UnreadableObjectException refusal = await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync([new Column<int>("x")], group => Write(group, 1)));
        Assert.Contains("no column that a transaction has", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryRead_DamagedAnywhere_IsANamedErrorOrTheRecords()
    {
        using MemoryStream file = new();
        EmulationRequest request = new(BuiltIn.Transaction, new EmulatedWorld(new WorldSettings()), 0, 50) { Format = new ChunkFormat(RecordFormat.Parquet) };
        await Emulator.RunAsync(request, file, new EmulationControl(), Token);
        byte[] whole = file.ToArray();
        Assert.Equal(50, (await ReadAsync(whole)).Count);
        for (int at = 0; at < whole.Length; at += 37)
        {
            await Assert.ThrowsAsync<UnreadableObjectException>(() => ReadAsync(whole[..at]));
            byte[] changed = [.. whole];
            changed[at] ^= 0x55;
            try
            {
                await ReadAsync(changed);
            }
            catch (UnreadableObjectException exception)
            {
                Assert.Contains("x.parquet", exception.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', exception.Message);
            }
        }
    }

    private static void Write<T>(RowGroupWriter group, params T[] values)
    {
        using LogicalColumnWriter<T> writer = group.NextColumn().LogicalWriter<T>();
        writer.WriteBatch(values);
    }

    private static async Task<List<string>> ReadAsync(Column[] columns, Action<RowGroupWriter> write)
    {
        using MemoryStream file = new();
        using (ParquetFileWriter writer = new(file, columns, logicalTypeFactory: null, leaveOpen: true))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            {
                write(group);
            }

            writer.Close();
        }

        return await ReadAsync(file.ToArray());
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes)
    {
        using TemporaryFolder folder = new();
        FileSystemStore store = new(folder.Path);
        await store.PutAsync("x.parquet", bytes, Token);
        using RecordReader reader = await FormatReaders.OpenAsync(store, "x.parquet", BuiltIn.Transaction.Schema, ChunkFormat.OfRaw("x.parquet"), Token);
        List<string> records = [];
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            records.Add(System.Text.Encoding.UTF8.GetString(record));
        }

        return records;
    }
}
