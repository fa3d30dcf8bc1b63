using System.Data.SqlTypes;
using System.Diagnostics;
using Apache.Arrow;
using Apache.Arrow.Types;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Connections;
using LakehouseLab.SparkConnect.Executions;
using LakehouseLab.SparkConnect.Failures;
using LakehouseLab.SparkConnect.Plans;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.Tests;

namespace LakehouseLab.IntegrationTests.Spark;

/// <summary>The Spark Connect client against a real server.</summary>
public sealed class SparkSessionTests
{
    private const string Endless = "SELECT max(hash(a.id, b.id)) FROM range(10000000) a, range(1000000) b";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task QueryAsync_ValuesOfEachType_AreReadExactly()
    {
        await using SparkSession session = await OpenAsync();
        using SparkResult result = await session.QueryAsync("""
            SELECT CAST(-1 AS TINYINT) AS tiny, CAST(2 AS SMALLINT) AS small, 3 AS int, 9223372036854775807 AS big, CAST(0.5 AS FLOAT) AS single, 2.5D AS double,
                12345678901234567890123456789012345678BD AS exact, true AS truth, 'é😀' AS text, X'00FF' AS bytes, DATE '2026-11-27' AS day,
                TIMESTAMP '2026-11-27 00:00:00.000001' AS instant, TIMESTAMP_NTZ '2026-11-27 00:00:00' AS naive, CAST(NULL AS BIGINT) AS absent,
                array(1, NULL) AS list, named_struct('a', 1, 'b', 'x') AS fields, map('k', 7) AS entries, timestamp_micros(300000000000000000) AS far
            """, cancellationToken: Cancellation);

        SparkRow row = Assert.Single(result.Rows);
        Assert.Equal(((sbyte)-1, (short)2, 3, long.MaxValue, 0.5f, 2.5), (row.Get<sbyte>("tiny"), row.Get<short>("small"), row.Get<int>("int"), row.Get<long>("big"), row.Get<float>("single"), row.Get<double>("double")));
        Assert.Equal("12345678901234567890123456789012345678", row.Get<SqlDecimal>("exact").ToString());
        Assert.Equal((true, "é😀", new DateOnly(2026, 11, 27)), (row.Get<bool>("truth"), row.Get<string>("text"), row.Get<DateOnly>("day")));
        Assert.Equal([0x00, 0xFF], row.Get<byte[]>("bytes"));
        Assert.Equal((1_795_737_600_000_001L, 1_795_737_600_000_000L, 300_000_000_000_000_000L), (row.Get<long>("instant"), row.Get<long>("naive"), row.Get<long>("far")));
        Assert.Null(row["absent"]);
        Assert.Equal([1, null], row.Get<object?[]>("list"));
        Assert.Equal(new Dictionary<string, object?> { ["a"] = 1, ["b"] = "x" }, row["fields"]);
        Assert.Equal(new Dictionary<object, object?> { ["k"] = 7 }, row["entries"]);
    }

    [Fact]
    public async Task QueryAsync_NoRows_HasTheColumns()
    {
        await using SparkSession session = await OpenAsync();
        using SparkResult result = await session.QueryAsync("SELECT 1 AS a WHERE false", cancellationToken: Cancellation);
        Assert.Equal(0, result.RowCount);
        Assert.Equal(["a"], result.Schema.FieldsList.Select(static field => field.Name));
    }

    // 4,000,000 rows of 100 bytes, in hundreds of batches. Other tests share the process, so batches are counted, not bytes.
    [Fact]
    public async Task StreamAsync_MillionsOfRows_ComeInOrderAndAreNotKept()
    {
        const long Rows = 4_000_000;
        await using SparkSession session = await OpenAsync();
        long next = 0;
        List<WeakReference> seen = [];
        int most = 0;
        await foreach (RecordBatch batch in session.StreamAsync($"SELECT id, repeat('x', 92) AS padding FROM range(0, {Rows}, 1, 8)", cancellationToken: Cancellation))
        {
            Int64Array ids = (Int64Array)batch.Column("id");
            for (int row = 0; row < batch.Length; row++)
            {
                Assert.Equal(next++, ids.GetValue(row));
            }

            seen.Add(new WeakReference(batch));
            if (seen.Count % 16 == 0)
            {
                GC.Collect();
                most = Math.Max(most, seen.Count(static reference => reference.IsAlive));
            }
        }

        Assert.Equal(Rows, next);
        Assert.True(seen.Count > 64, $"it came in {seen.Count} batches only");
        Assert.InRange(most, 0, 8);
    }

    [Fact]
    public async Task QueryAsync_ABatchOverTheChunkSize_IsPutTogether()
    {
        await using SparkSession session = await OpenAsync();
        using SparkResult result = await session.QueryAsync("SELECT id, repeat(CAST(id AS STRING), 9000000) AS text FROM range(0, 3, 1, 1)", cancellationToken: Cancellation);
        Assert.Equal(["0", "1", "2"], result.Rows.Select(static row => row.Get<string>("text")).Select(static text => string.Concat(text.Distinct())));
        Assert.All(result.Rows, static row => Assert.Equal(9_000_000, row.Get<string>("text").Length));
    }

    [Fact]
    public async Task StatementsAndWrites_ATable_HoldWhatWasWrittenOnce()
    {
        using TemporaryFolder folder = new();
        string table = $"delta.`{folder.Path}/table`";
        await using SparkSession session = await OpenAsync();
        SparkWrite write = new() { Path = $"{folder.Path}/table", PartitionBy = ["part"], Options = new Dictionary<string, string> { ["txnAppId"] = "test", ["txnVersion"] = "1" } };
        await session.WriteAsync("SELECT id, id % 2 AS part FROM range(10)", write, cancellationToken: Cancellation);
        await session.WriteAsync("SELECT id, id % 2 AS part FROM range(10)", write, cancellationToken: Cancellation);
        await session.WriteAsync(
            "SELECT id + 100 AS id, 1L AS part FROM range(3)",
            new SparkWrite { Path = write.Path, Mode = SparkWriteMode.Overwrite, Options = new Dictionary<string, string> { ["replaceWhere"] = "part = 1" } },
            cancellationToken: Cancellation);
        using (SparkResult rows = await session.QueryAsync($"SELECT id FROM {table} ORDER BY id", cancellationToken: Cancellation))
        {
            Assert.Equal([0, 2, 4, 6, 8, 100, 101, 102], rows.Rows.Select(static row => row.Get<long>("id")));
        }

        Schema schema = new([new Field("id", Int64Type.Default, nullable: false)], null);
        using RecordBatch mine = new(schema, [new Int64Array.Builder().Append(2).Append(4).Build()], 2);
        await session.CreateViewAsync("mine", SparkRelation.Local(schema, mine), Cancellation);
        using SparkResult merged = await session.ExecuteAsync($"MERGE INTO {table} AS t USING mine AS s ON t.id = s.id WHEN MATCHED THEN DELETE", cancellationToken: Cancellation);
        Assert.Equal(2, Assert.Single(merged.Rows).Get<long>("num_deleted_rows"));
        using SparkResult created = await session.ExecuteAsync("CREATE TEMPORARY VIEW three AS SELECT 3 AS n", cancellationToken: Cancellation);
        Assert.Equal(0, created.RowCount);
        using SparkResult selected = await session.ExecuteAsync("SELECT n FROM three", cancellationToken: Cancellation);
        Assert.Equal(3, Assert.Single(selected.Rows).Get<int>("n"));
    }

    [Fact]
    public async Task SettingsAndAnalyses_OfASession_AreAnswered()
    {
        await using SparkSession session = await OpenAsync();
        await session.SetConfigAsync(new Dictionary<string, string> { ["spark.sql.session.timeZone"] = "Asia/Tokyo" }, Cancellation);
        Assert.Equal("Asia/Tokyo", await session.GetConfigAsync("spark.sql.session.timeZone", Cancellation));
        Assert.Null(await session.GetConfigAsync("lakelab.no.such", Cancellation));
        Assert.Equal(
            [new SparkColumn("a", "decimal(15,4)", false), new SparkColumn("b", "array<string>", false), new SparkColumn("c", "struct<x:int,y:bigint>", false), new SparkColumn("d", "void", true)],
            await session.DescribeAsync("SELECT CAST(1 AS DECIMAL(15, 4)) AS a, array('x') AS b, named_struct('x', 1, 'y', 2L) AS c, NULL AS d", Cancellation));
        Assert.Contains("Range", await session.ExplainAsync("SELECT * FROM range(5)", SparkExplainMode.Formatted, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_Cancelled_InterruptsWithinASecond()
    {
        await using SparkSession session = await OpenAsync();
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TaskCompletionSource running = new();
        SparkStatementOptions options = new() { Progress = new Told(progress => _ = progress.RunningTasks > 0 && running.TrySetResult()) };
        Task query = session.QueryAsync(Endless, options, source.Token);
        Assert.Same(running.Task, await Task.WhenAny(running.Task, query));
        long begun = Stopwatch.GetTimestamp();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        using SparkResult after = await session.QueryAsync("SELECT 1 AS n", cancellationToken: Cancellation);
        Assert.Equal(1, after.RowCount);
    }

    [Fact]
    public async Task QueryAsync_ADeadline_InterruptsAndSaysSo()
    {
        await using SparkSession session = await OpenAsync();
        SparkStatementOptions options = new() { Deadline = TimeSpan.FromSeconds(1) };
        SparkDeadlineException exception = await Assert.ThrowsAsync<SparkDeadlineException>(() => session.QueryAsync(Endless, options, Cancellation));
        Assert.Contains("took longer than 1 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_OfSpark_AreToldWithTheirCauses()
    {
        using TemporaryFolder folder = new();
        await using SparkSession session = await OpenAsync();
        SparkStatementException absent = await Assert.ThrowsAsync<SparkStatementException>(() => session.QueryAsync("SELECT * FROM no_such_table", cancellationToken: Cancellation));
        Assert.Equal(("TABLE_OR_VIEW_NOT_FOUND", "42P01"), (absent.ErrorClass, absent.SqlState));
        string damaged = Path.Combine(folder.Path, "damaged.parquet");
        await File.WriteAllTextAsync(damaged, "no Parquet at all", Cancellation);
        SparkStatementException failed = await Assert.ThrowsAsync<SparkStatementException>(
            () => session.QueryAsync(SparkRelation.Source("parquet", paths: [damaged], schema: "n INT"), cancellationToken: Cancellation));
        Assert.True(failed.Causes.Count > 1, failed.ToString());
        Assert.StartsWith("FAILED_READ_FILE", failed.ErrorClass, StringComparison.Ordinal);
        Assert.Contains("is not a Parquet file", failed.Message, StringComparison.Ordinal);
        string name = new('n', 5_000);
        SparkStatementException cut = await Assert.ThrowsAsync<SparkStatementException>(() => session.QueryAsync($"SELECT {name}", cancellationToken: Cancellation));
        Assert.Contains(name, cut.Message, StringComparison.Ordinal);
    }

    private static async Task<SparkSession> OpenAsync() =>
        await SparkSession.OpenAsync(SparkConnectionString.Parse(await StackSystem.FindAsync("SPARK_REMOTE", "spark")), cancellationToken: Cancellation);

    private sealed class Told(Action<SparkProgress> tell) : IProgress<SparkProgress>
    {
        public void Report(SparkProgress value) => tell(value);
    }
}
