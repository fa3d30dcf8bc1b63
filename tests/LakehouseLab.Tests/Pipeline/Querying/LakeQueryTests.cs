using LakehouseLab.Delta.Schema;
using LakehouseLab.Tests.Cli;
using LakehouseLab.Tests.Delta;

namespace LakehouseLab.Tests.Pipeline.Querying;

/// <summary>SQL over Delta tables through the command: what is found, in which form, and what is refused.</summary>
public sealed class LakeQueryTests
{
    private static readonly DateTime s_noon = new(2026, 1, 31, 12, 0, 0, 250, DateTimeKind.Utc);

    [Fact]
    public async Task Query_TablesOfALake_AreJoinedByName()
    {
        using SmallTable table = await MakeAsync();
        CommandRun run = await RunAsync(table, "-- silver.nothing\nSELECT a.id, `silver`.t.name FROM silver.t a JOIN \"silver\".\"t\" ON a.id = silver.t.id WHERE a.name <> 'silver.x' ORDER BY 1");
        Assert.Equal("""
            {"id":1,"name":"one"}
            {"id":3,"name":"three"}

            """, run.Data);
    }

    [Fact]
    public async Task Query_VersionsAndColumnsOfLaterVersions_AreAsTheyWere()
    {
        using SmallTable table = await MakeAsync();
        await table.ChangeAsync((transaction, _) => transaction.AddColumn(new StructField("extra", new PrimitiveType("decimal(38,10)"))));
        string path = table.Folder;
        Assert.Equal("{\"id\":1,\"name\":\"one\",\"at\":\"2026-01-31T12:00:00.25Z\"}\n", (await RunAsync(table, $"FROM delta('{path}', version => 1) ORDER BY id LIMIT 1")).Data);
        Assert.Equal("{\"n\":0,\"c\":3}\n", (await RunAsync(table, $"SELECT count(extra) AS n, count(*) AS c FROM delta('{path}') WHERE delta.extra IS NULL")).Data);
        Assert.Equal("{\"n\":0}\n", (await RunAsync(table, $"SELECT count(*) AS n FROM delta('{path}', version => 0)")).Data);
        CommandRun run = await RunAsync(table, $"FROM delta('{path}', version => 9)");
        Assert.Equal(3, run.Code);
        Assert.Contains("no version 9: the newest is 2", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_Partitions_ComeFromTheLogWhateverTheFilesSay()
    {
        using SmallTable table = new("silver/t");
        await table.CreateAsync(partitions: ["name"]);
        await table.ChangeAsync((transaction, _) =>
        {
            transaction.Add(table.WriteRows("name=it's %2F [x]*?/1.parquet", Partition("it's / [x]*?"), (1, "ignored", s_noon)));
            transaction.Add(table.WriteRows("name=null/1.parquet", Partition(null), (2, "ignored", null)));
            transaction.Add(table.WriteRows("name=empty/1.parquet", Partition(string.Empty), (3, "ignored", null)));
        });
        CommandRun run = await RunAsync(table, "SELECT id, name FROM silver.t ORDER BY id");
        Assert.Equal("{\"id\":1,\"name\":\"it's / [x]*?\"}\n{\"id\":2,\"name\":null}\n{\"id\":3,\"name\":null}\n", run.Data);
    }

    [Fact]
    public async Task Query_Values_AreWrittenExactly()
    {
        using SmallTable table = new();
        CommandRun run = await RunAsync(table, """
            SELECT 12345678901234567890123456789012345678::DECIMAL(38,0) AS big, -0.0050::DECIMAL(15,4) AS small, 9007199254740993 AS long,
                DATE '0001-01-01' AS day, TIMESTAMPTZ '1969-12-31 23:59:59.999999Z' AS instant, TIMESTAMP '2026-01-01' AS local, '\x00\xFF'::BLOB AS bytes,
                [1, NULL] AS list, {'a': {'b': 'ü"'}} AS nested, MAP {'k': 1.5} AS words, MAP {1: 'x'} AS pairs, true AS yes, 'nan'::DOUBLE AS nan, NULL AS nothing
            """);
        Assert.Equal(
            """{"big":12345678901234567890123456789012345678,"small":-0.0050,"long":9007199254740993,"day":"0001-01-01","instant":"1969-12-31T23:59:59.999999Z","local":"2026-01-01T00:00:00","bytes":"AP8=","list":[1,null],"nested":{"a":{"b":"ü\""}},"words":{"k":1.5},"pairs":[{"key":1,"value":"x"}],"yes":true,"nan":"NaN","nothing":null}""" + "\n",
            run.Data);
    }

    [Fact]
    public async Task Query_CsvAndTable_AreWrittenForTheirReaders()
    {
        using SmallTable table = new();
        const string Sql = "SELECT * FROM (VALUES (1, 'a,\"b'), (NULL, NULL), (22, '')) t(n, s)";
        Assert.Equal("n,s\r\n1,\"a,\"\"b\"\r\n,\r\n22,\"\"\r\n", (await RunAsync(table, Sql, "csv")).Data);
        Assert.Equal(" n  s\n 1  a,\"b\n\n22\n", (await RunAsync(table, Sql, "table")).Data);
    }

    [Fact]
    public async Task Query_ColumnsOfTheSameName_GetNamesOfTheirOwn()
    {
        using SmallTable table = new();
        const string Sql = "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a";
        Assert.Equal("{\"a\":1,\"a_2\":2,\"a_1\":3,\"a_3\":4}\n", (await RunAsync(table, Sql)).Data);
        Assert.StartsWith("a,a_2,a_1,a_3\r\n", (await RunAsync(table, Sql, "csv")).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ControlCharactersInData_AreShownToPeopleAndGivenToPrograms()
    {
        using SmallTable table = new();
        const string Sql = "SELECT chr(27) || '[31m' || chr(155) || chr(10) || chr(8238) || 'x' AS \"a\u001b[2J\", 1 AS n";
        CommandRun run = await RunAsync(table, Sql, "table");
        Assert.Equal("a\\u001b[2J                 n\n\\u001b[31m\\u009b\\n\\u202ex  1\n", run.Data);
        Assert.Equal("\"a\u001b[2J\"".Trim('"') + ",n\r\n\"\u001b[31m\u009b\n\u202ex\",1\r\n", (await RunAsync(table, Sql, "csv")).Data);
        Assert.DoesNotContain("\u001b", (await RunAsync(table, Sql)).Data, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", (await RunAsync(table, "SELECT * FROM silver.\"\u001b[2J\"")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SHOW TABLES", "{\"name\":\"silver.t\"}\n")]
    [InlineData("show tables;", "{\"name\":\"silver.t\"}\n")]
    [InlineData("SHOW TABLES FROM silver", "{\"name\":\"t\"}\n")]
    [InlineData("SELECT name FROM (SHOW ALL TABLES)", "{\"name\":\"t\"}\n")]
    [InlineData("SELECT name FROM (DESCRIBE)", "{\"name\":\"t\"}\n")]
    [InlineData("SELECT column_name FROM (DESCRIBE silver.t) LIMIT 1", "{\"column_name\":\"id\"}\n")]
    [InlineData("SELECT column_name FROM (SHOW silver.t) LIMIT 1", "{\"column_name\":\"id\"}\n")]
    [InlineData("SELECT table_schema, table_name FROM information_schema.tables", "{\"table_schema\":\"silver\",\"table_name\":\"t\"}\n")]
    [InlineData("SELECT column_name, data_type FROM information_schema.columns WHERE column_name = 'name'", "{\"column_name\":\"name\",\"data_type\":\"VARCHAR\"}\n")]
    [InlineData("SELECT count(*) AS n FROM information_schema.tables, silver.t", "{\"n\":3}\n")]
    public async Task Query_OfTheTablesThereAre_ListsThoseOfTheLake(string sql, string expected)
    {
        using SmallTable table = await MakeAsync();
        Directory.CreateDirectory(Path.Combine(table.Store.Root, "gold/damaged/_delta_log"));
        await File.WriteAllTextAsync(Path.Combine(table.Store.Root, "gold/damaged/_delta_log/00000000000000000000.json"), "{", TestContext.Current.CancellationToken);
        CommandRun run = await RunAsync(table, sql);
        Assert.Equal((0, ""), (run.Code, run.Words));
        Assert.Equal(expected, run.Data);
    }

    // Summands of which three overflow, in so many groups that partial sums are added.
    private const string LargeRows = "(SELECT CAST(80000000000000000000000000000000000000::HUGEINT + i AS DECIMAL(38,0)) AS x, i % 100000 AS g FROM range(300000) r(i))";

    [Theory]
    [InlineData("SELECT g, sum(x) FROM " + LargeRows + " GROUP BY g")]
    [InlineData("SELECT g, avg(x) FROM " + LargeRows + " GROUP BY g")]
    [InlineData("SELECT DISTINCT sum(DISTINCT x) OVER (PARTITION BY g) FROM " + LargeRows)]
    [InlineData("SELECT g, sum(x::HUGEINT) FILTER (WHERE x > 0) FROM " + LargeRows + " GROUP BY g")]
    [InlineData("PIVOT (SELECT g, x, 1 AS k FROM " + LargeRows + ") ON k IN (1) USING sum(x) GROUP BY g")]
    public async Task Query_SumThatOverflows_IsAnError(string sql)
    {
        using SmallTable table = new();
        CommandRun run = await RunAsync(table, sql);
        Assert.Equal(2, run.Code);
        Assert.Contains("can overflow without notice: CAST them to DOUBLE", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_LargeSumsThatFit_AreExact()
    {
        using SmallTable table = new();
        CommandRun run = await RunAsync(table, "SELECT sum(x), sum(DISTINCT x) AS d, sum(sum(x)) OVER () AS w, sum(i), sum(x) FILTER (WHERE i > 0) AS f FROM (SELECT 12345678901234567890.1234::DECIMAL(38,4) AS x, i FROM range(3) t(i)) GROUP BY i = 7, i ORDER BY i LIMIT 1");
        Assert.Equal("{\"sum(x)\":12345678901234567890.1234,\"d\":12345678901234567890.1234,\"w\":37037036703703703670.3702,\"sum(i)\":0,\"f\":null}\n", run.Data);
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO '/tmp/x'", "'COPY' does not begin a query")]
    [InlineData("EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/x'", "'COPY' does not begin a query")]
    [InlineData("ATTACH 'x.db'", "'ATTACH' does not begin a query")]
    [InlineData("SELECT 1; DROP TABLE x", "more than one statement")]
    [InlineData(" -- nothing", "the statement is empty")]
    [InlineData("SELECT 'open", "the quote ' at character 8 does not end")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", "file system operations are disabled")]
    [InlineData("SELECT * FROM '/etc/hostname.csv'", "SQL: ")]
    [InlineData("SELECT foo FROM (SELECT 1 AS bar)", "Referenced column \"foo\" not found")]
    [InlineData("SELECT CAST(x AS INT) FROM (VALUES ('1'), ('b')) t(x)", "Could not convert string 'b' to INT32")]
    [InlineData("SELECT * FROM silver.nothing", "has no table silver.nothing: it has silver.t")]
    [InlineData("SELECT * FROM delta(3)", "delta needs the table's folder as a text")]
    [InlineData("SELECT * FROM delta('x', verson => 3)", "delta has no argument 'verson'")]
    [InlineData("SELECT * FROM delta('x', timestamp => 'soon')", "timestamp => 'soon'")]
    [InlineData("SELECT * FROM delta('x'", "delta( does not end")]
    public async Task Query_WrongStatement_IsRefusedInOneLine(string sql, string expected)
    {
        using SmallTable table = await MakeAsync();
        CommandRun run = await RunAsync(table, sql);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Data);
        Assert.Contains(expected, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Query_DataFileIsDamaged_IsAFailureThatNamesIt()
    {
        using SmallTable table = await MakeAsync();
        string file = Path.Combine(table.Folder, "b.parquet");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..50], TestContext.Current.CancellationToken);
        CommandRun run = await RunAsync(table, "SELECT * FROM silver.t");
        Assert.Equal(3, run.Code);
        Assert.Contains("b.parquet", run.Words, StringComparison.Ordinal);
        Assert.Single(run.Words.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Tables_AndHistory_TellOfTheTable()
    {
        using SmallTable table = await MakeAsync();
        string lake = table.Store.Root;
        CommandRun tables = await CommandRun.OfAsync(["tables", "--lake", lake]);
        Assert.Matches(@"silver +t +1 +3 +2 +\d", tables.Data);
        CommandRun history = await CommandRun.OfAsync(["history", "silver.t", "--lake", lake, "--json"]);
        Assert.Contains("\"files_added\": 2", history.Data, StringComparison.Ordinal);
        CommandRun wrong = await CommandRun.OfAsync(["history", "silver.u", "--lake", lake]);
        Assert.Equal(2, wrong.Code);
        CommandRun vacuum = await CommandRun.OfAsync(["vacuum", "--dry-run", "--lake", lake]);
        Assert.Matches(@"silver\.t +0 +0 B", vacuum.Data);
    }

    private static async Task<SmallTable> MakeAsync()
    {
        SmallTable table = new("silver/t");
        await table.CreateAsync();
        await table.ChangeAsync((transaction, _) =>
        {
            transaction.Add(table.WriteRows("a.parquet", null, (1, "one", s_noon), (2, null, null)));
            transaction.Add(table.WriteRows("b.parquet", null, (3, "three", s_noon.AddDays(1))));
        });
        return table;
    }

    private static Dictionary<string, string?> Partition(string? name) => new() { ["name"] = name };

    private static Task<CommandRun> RunAsync(SmallTable table, string sql, string format = "json") =>
        CommandRun.OfAsync(["query", sql, "--format", format, "--lake", table.Store.Root]);
}
